import { risksOf } from '../deeds.ts';
import { manyHosts } from '../hosts.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** Hosts of one batch are worked on at the same time: so are their members. */
export const parallelChange: Rule = {
  code: 'parallel-change',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      const { task, play } = site;
      const risk = risksOf(site).find(({ kind }) => kind === 'membership' || kind === 'service');
      if (!risk || !play || task.runOnce || isOne(task.throttle)) continue;
      const many = manyHosts(play, program.inventory);
      if (many === undefined) continue;
      const what = risk.kind === 'membership' ? 'changes the membership' : 'stops members';
      yield {
        site,
        message: `this ${what} on several hosts at the same time: ${many}`,
        hint:
          risk.kind === 'membership'
            ? 'do it from one host: `hosts: headnode`, or `run_once: true`; or one after the other, with `serial: 1`'
            : 'write `serial: 1` at the play, and `etcd_health` after it',
      };
    }
  },
};

function isOne(
  template: { readonly literal: boolean; render(scope: { get(): undefined }): unknown } | undefined,
): boolean {
  return template?.literal === true && template.render({ get: () => undefined }) === 1;
}
