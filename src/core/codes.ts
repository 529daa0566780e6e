/**
 * The catalogue of diagnostics and failures: each code, and what it means, in one sentence. The reference
 * (docs/errors.md) is generated from it. Codes are stable: scripts match on them.
 */
export const codes = {
  // Reading playbooks and inventories
  'file-not-found': 'A file that was named does not exist or cannot be read.',
  'outside-link': 'A file is reached by a symbolic link that leads out of the folders that are linted.',
  'unreadable-file': 'A file is no text in UTF-8, holds control characters, or is larger than what is read.',
  'yaml-syntax': 'The text is not YAML. Only the first error is shown, because later ones tend to follow from it.',
  'encrypted-value': 'A value, or a whole file, is encrypted with Ansible Vault, which is not read here.',
  'unquoted-expression': 'A value begins with {{ and is not quoted, so YAML reads it as a mapping.',
  'empty-playbook': 'The playbook has no plays, or a play has no tasks.',
  'unknown-keyword': 'A play, block or task has a keyword that does not exist.',
  'unknown-module': 'A task names a module that does not exist.',
  'no-module': 'A task names no module.',
  'invalid-module': 'A module of your own cannot be loaded, or lacks something that a module must have.',
  'several-modules': 'A task names more than one module.',
  'unknown-parameter': 'A module is given a parameter that it does not have.',
  'missing-parameter': 'A module is not given a parameter that it needs.',
  'invalid-value': 'A value is of the wrong type or not one of those allowed.',
  'boolean-string': 'A word such as `no` stands where a boolean is meant; in YAML 1.2 it is a string.',
  'unknown-handler': 'A task notifies a handler that its play does not have.',
  'include-loop':
    'A playbook, tasks file or role enters itself, directly or through others, or there are more entries than are followed.',
  // Expressions
  'expression-syntax': 'An expression, or a statement of a template, cannot be read.',
  'undefined-name': 'An expression uses a name that nothing defines.',
  'unknown-filter': 'An expression uses a filter that does not exist.',
  'unknown-test': 'An expression uses a test that does not exist.',
  'unknown-attribute': 'An expression asks a value for an attribute that it does not have.',
  'type-mismatch': 'An expression combines values of types that do not go together.',
  'unset-register': 'An expression uses a result before the task that registers it.',
  'unsure-result':
    'An expression uses what a result lacks where its task was skipped or failed, and does not test for that.',
  'unmasked-secret': 'A secret is read where nothing tells that it is one, so it would not be masked.',
  'hidden-name': 'A value is given to a name that is never seen there, because a nearer one has the same name.',
  'unused-name': 'A param, a var or a register is never used, or a handler never notified.',
  // Rules about changing etcd under BCM (docs/lint.md)
  'voter-added': 'A member is added as a voter, not as a learner.',
  'unwatched-promotion': 'A learner is promoted, and nothing has waited until it is in sync.',
  'unverified-change': 'The membership is changed twice, and nothing looks at the cluster in between.',
  'parallel-change': 'A play changes the membership, or stops members, on several hosts at the same time.',
  'removed-before-added': 'A member is removed before its replacement is added, though all are healthy.',
  'ignored-failure': 'A change of the membership that fails is passed over.',
  'blind-retry': 'Something that must happen once is to be tried again, which it is not.',
  'unguarded-stop': 'A command stops etcd where the guard does not see it.',
  'late-snapshot': 'The first snapshot is taken after the membership was changed.',
  'learner-snapshot': 'A snapshot is taken from a learner.',
  'overlay-left': 'A node is put into the overlay of learners, and nothing takes it out again.',
  'unchecked-delete': 'rsync deletes what its source does not hold, and nothing has looked at the source.',
  'secret-in-command': 'A secret stands on a command line.',
  'command-for-module': 'A command is run for which there is a module.',
  // Inputs and hosts
  'unknown-input': '-e sets a param that no play declares.',
  'missing-input': 'A param without a default was given no value.',
  'invalid-input': 'A value given for a param is of the wrong type.',
  'invalid-inventory': 'The inventory cannot be used.',
  'no-hosts': 'A host pattern, a limit or a group matches no host.',
  'host-count': 'A play has another number of hosts than expect_hosts says.',
  'unknown-tag': 'A tag that was asked for stands on no task.',
  // While running
  'task-failed': 'A module did its work and found that the wanted state cannot be had.',
  'command-failed': 'A command ended with another status than the wanted one.',
  'timed-out': 'Something did not come about within its time limit.',
  stalled: 'A learner made no progress for too long.',
  unreachable: 'A host cannot be reached; nothing was sent to it.',
  'become-failed': 'A task is to be done as another user, and sudo wants a password, refuses, or is not there.',
  'answer-lost': 'The connection broke under a command, and its outcome could not be found out.',
  'evaluation-failed': 'An expression could not be evaluated.',
  'condition-not-met': 'An assertion, or an until, was not fulfilled.',
  'wrong-cluster': 'A member or a URL belongs to another identity than the one expected.',
  'no-quorum': 'etcd has no quorum, so it cannot answer or change.',
  'version-refused': 'This version of etcd must not be changed this way.',
  'bcm-refused': 'cmsh reported an error, or did not read back what was written.',
  'guard-refused': 'A change was refused because of what it could cost.',
  locked: 'Another run holds the lock on this cluster, or on this state directory.',
  'consent-missing': 'A change needs a yes that was not given.',
  'too-many-failed':
    'So many hosts failed or could not be reached that the play ends the run: by `any_errors_fatal`, `max_fail_percentage` or `serial`.',
  interrupted: 'The run was stopped by its user.',
  'not-settled': 'A change was made and its effect was not seen within the time it takes.',
  'unknown-state': 'What is there could not be observed, so nothing was changed.',
  'outcome-unknown':
    'Something that must happen once was begun, and its end was not seen; whether it was done is to be told.',
  'invalid-journal': 'The journal of a run cannot be read, or holds a line that is damaged.',
  'not-resumable': 'A run cannot be gone on with.',
  'plan-changed': 'The playbook, a file that it includes, or the hosts are others than when the run began.',
  'journal-failed': 'The journal could not be written, so nothing further was changed.',
  defect: 'A fault in quorate itself.',
  // Judging what lint found
  'invalid-config': 'The configuration of lint, `quorate.yml`, or a baseline cannot be used.',
  'invalid-ignore':
    'A `# quorate-ignore` has no reason, names a code that does not exist, or one that `run` refuses too and nothing can ignore.',
  'unused-ignore': 'A `# quorate-ignore` stands where there is nothing to ignore.',
  'obsolete-baseline': 'The baseline holds a finding that is no longer made.',
} as const satisfies Record<string, string>;

export type Code = keyof typeof codes;
