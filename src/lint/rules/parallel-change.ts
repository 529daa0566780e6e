import type { MembershipRisk, ServiceRisk } from '../../core/guard.ts';
import { manyHosts } from '../hosts.ts';
import { nothingKnown, writtenValue } from '../known.ts';
import type { Site } from '../program.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** Hosts of one batch are worked on at the same time: so are their members. */
export const parallelChange: Rule = {
  code: 'parallel-change',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      const risk = site.risks.find(one => one.kind === 'membership' || one.kind === 'service');
      if (!risk || !site.play || !isDoneOnEach(site, risk)) continue;
      const many = manyHosts(site.play, program.inventory);
      if (many === undefined) continue;
      yield {
        site,
        message: `this ${what(risk)} on several hosts at the same time: ${many}`,
        hint:
          risk.kind === 'membership'
            ? 'do it from one host: `hosts: headnode`, or `run_once: true`; or one after the other, with `serial: 1`'
            : 'write `serial: 1` at the play, and `etcd_health` after it',
      };
    }
  },
};

function what(risk: MembershipRisk | ServiceRisk): string {
  if (risk.kind === 'membership') return 'changes the membership';
  return risk.effect === 'stop' || risk.effect === 'restart' ? 'stops etcd' : "takes a member's data";
}

/** False where it is done once, on one host at a time, at another host, or under a condition that can differ from host to host. */
function isDoneOnEach({ task, play, conditions }: Site, risk: MembershipRisk | ServiceRisk): boolean {
  if (task.runOnce || (task.throttle && writtenValue(task.throttle, nothingKnown) === 1)) return false;
  if (risk.kind === 'service' && task.delegateTo) return false;
  const same = new Set([...(play?.params ?? []).map(param => param.name), ...WORDS]);
  const names = [...conditions].flatMap(
    text => text.replace(/'[^']*'|"[^"]*"|\.\w+/g, '').match(/[A-Za-z_]\w*/g) ?? [],
  );
  return names.every(name => same.has(name));
}

/** What an expression is made of besides names; `check_mode` and `groups` are the same for all hosts. */
const WORDS = 'and or not in is true false none defined undefined check_mode groups'.split(' ');
