import { programOf, shown } from '../deeds.ts';
import { type Rule, sitesOf } from '../rule.ts';

/** What reaches other hosts, or BCM, so that the guard does not see whose etcd stops. */
const REMOTE = /^(ssh|pdsh|pdexec|clush|cmsh)$/;
const LOCAL = /^(systemctl|service|kill|pkill|killall)$/;

const UNIT = '(?<![\\w./-])etcd(?:[23]|-member|-server|@\\S+)?(?:\\.service)?(?=$|[\\s"\');])';
const STOPS = new RegExp(
  [
    `\\bsystemctl\\b[^;&|]*\\b(?:stop|restart|try-restart|kill|mask\\s+--now|disable\\s+--now)\\b[^;&|]*${UNIT}`,
    `\\bservice\\s+${UNIT}\\s+(?:stop|restart)\\b`,
    `\\b(?:pkill|killall|kill)\\b[^;&|]*${UNIT}`,
    `^\\S*\\bcmsh\\b.*\\b(?:stop|restart)\\s+${UNIT}`,
  ].join('|'),
);

/** A guard weighs only what it sees; the stop of two voters of three is the end of the quorum. */
export const unguardedStop: Rule = {
  code: 'unguarded-stop',
  severity: 'warning',
  *check(program) {
    for (const site of sitesOf(program)) {
      for (const words of site.commands) {
        const text = words.join(' ');
        if (!STOPS.test(text)) continue;
        const program = programOf(words);
        const remote = REMOTE.test(program);
        if (!remote && !LOCAL.test(program)) continue;
        if (!remote && site.risks.some(({ kind }) => kind === 'service')) continue;
        yield {
          site,
          message: `\`${shown(text)}\` stops etcd where the guard does not see it`,
          hint: remote
            ? 'use `systemd_service` with `delegate_to`, or take the node out of its overlay with `cmsh_overlay`: both are weighed against the quorum'
            : 'use `systemd_service`, which is weighed against the quorum',
        };
      }
    }
  },
};
