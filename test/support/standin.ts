import { initialState, NO_STATE, type State } from '../../src/lab/standin/state.ts';

/** The stand-in's state of a cluster of five nodes, `members` of which carry the role Etcd::Host. */
export function clusterState(members: readonly string[], changes: Partial<State> = {}): State {
  const state = initialState({
    nodes: [1, 2, 3, 4, 5].map(n => ({ name: `node00${n}`, ip: `10.141.0.${n}` })),
    headnode: { name: 'headnode', ip: '10.141.255.254' },
    members,
    profile: 'strict',
    scale: 1,
    etcdVersion: '3.4.23',
  });
  return { ...state, ...changes, faults: { ...NO_STATE.faults, ...changes.faults } };
}
