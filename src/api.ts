/**
 * What a module of the user's own imports as `quorate`. A type or a value that is not here is not for modules.
 */
export { type Static, Type } from 'typebox';
export { AnswerLost, Cancelled, Failure, Unreachable } from './core/failure.ts';
export type { MembershipRisk, OpaqueRisk, Risk, ServiceRisk } from './core/guard.ts';
export { noRisks } from './core/guard.ts';
export type { Clock, Host, LocalFiles, Out, Probe, RunOptions } from './core/host.ts';
export type { Change, Module, ModuleFinding, Observation, RunEffect } from './core/module.ts';
export { readCommand } from './core/read-command.ts';
export type { Json } from './core/value.ts';
export { defineModule } from './custom/define.ts';
