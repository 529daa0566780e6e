import type { Json } from '../../core/value.ts';
import { sameText, shown } from '../deeds.ts';
import { mapIn } from '../known.ts';
import type { Site } from '../program.ts';
import type { Rule } from '../rule.ts';

/** A member that stays there is started with `--initial-cluster-state=existing` for ever, and the next one is put beside it. */
export const overlayLeft: Rule = {
  code: 'overlay-left',
  severity: 'warning',
  *check({ courses: [{ sites, whole }] }) {
    if (!whole) return;
    for (const [at, site] of sites.entries()) {
      for (const wish of wishesOf(site)) {
        if (!gains(wish) || !isForLearners(wish)) continue;
        if (sites.slice(at).some(later => wishesOf(later).some(other => clears(other, wish)))) continue;
        yield {
          site,
          message: `a node is put into ${shown(String(wish.name))}, and nothing in this playbook takes it out again`,
          hint: 'move it on once it is in sync: `nodes_absent` here and `nodes_present` in the default overlay, in one `cmsh_overlay`',
        };
      }
    }
  },
};

type Wish = Readonly<Record<string, Json>>;

function wishesOf({ task, params }: Site): readonly Wish[] {
  const overlays = task.module.name === 'cmsh_overlay' ? params.overlays : undefined;
  return Array.isArray(overlays) ? overlays.map(mapIn) : [];
}

function gains({ nodes, nodes_present: more }: Wish): boolean {
  return [nodes, more].some(list => list !== undefined && !(Array.isArray(list) && list.length === 0));
}

/** True where its role starts a member that joins what is there, or its name says so. */
function isForLearners({ name, roles }: Wish): boolean {
  const options = (Array.isArray(roles) ? roles.map(mapIn) : []).flatMap(role => [role.options, role.options_present]);
  return JSON.stringify(options).includes('--initial-cluster-state=existing') || /learner/i.test(String(name));
}

/** True where it may take what `wish` has put in out again. */
function clears(other: Wish, wish: Wish): boolean {
  if (sameText(other.name, wish.name) === 'different') return false;
  const isLess = other.nodes !== undefined && JSON.stringify(other.nodes) !== JSON.stringify(wish.nodes);
  return other.state === 'absent' || other.nodes_absent !== undefined || isLess;
}
