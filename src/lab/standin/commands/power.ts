// What cmsh does to nodes rather than to objects: reboots, and answers to an installer that waits.
import { parseNodeList } from '../../../bcm/node-list.ts';
import { bootOf } from '../provisioning.ts';
import { type Answer, answer, failure, notFound, type Session } from '../session.ts';
import type { BootRecord } from '../state.ts';
import { type CommandDescription, takeOptions, texts } from './command.ts';

/** How often `installerinteractions -w` looks. */
const LOOK_MS = 200;

export const powerCommands: readonly CommandDescription[] = [
  {
    names: ['reboot'],
    usage: 'reboot [-n nodes | node ...]',
    summary: 'Reboot nodes',
    levels: ['mode', 'object'],
    modes: ['device'],
    run: async (session, words) => {
      const nodes = nodesOf(session, texts(words));
      if ('failed' in nodes) return nodes;
      await wantBoots(session, nodes.names, 'reboot');
      return answer(`Reboot in progress for: ${nodes.names.join(',')}`);
    },
  },
  {
    names: ['power'],
    usage: 'power [-n nodes] reset [node ...]',
    summary: 'Reset nodes; switching on and off is left to the lab',
    levels: ['mode', 'object'],
    modes: ['device'],
    run: async (session, words) => {
      const rest = texts(words).filter(word => word !== 'reset');
      if (rest.length === words.length) return failure('Usage: power [-n nodes] reset');
      const nodes = nodesOf(session, rest);
      if ('failed' in nodes) return nodes;
      await wantBoots(session, nodes.names, 'reset');
      return answer(nodes.names.map(name => `custom ${'.'.repeat(17)} [  RESET   ] ${name}`).join('\n'));
    },
  },
  {
    names: ['installerinteractions'],
    usage: 'installerinteractions [-w] [-n nodes] [--confirm | --deny]',
    summary: 'Show installers that wait, or answer them; -w waits until one does',
    levels: ['mode', 'object'],
    modes: ['device'],
    run: async (session, words) => {
      const given = texts(words);
      const verdict = given.includes('--confirm') ? 'confirmed' : given.includes('--deny') ? 'denied' : undefined;
      const rest = given.filter(word => !/^(-w|--wait|--confirm|--deny)$/.test(word));
      const everywhere = rest.length === 0 && session.location.object === undefined;
      const all = session.state.objects.device.map(device => device.name);
      const nodes = everywhere ? { names: all } : nodesOf(session, rest);
      if ('failed' in nodes) return nodes;
      let waiting = await waitingAmong(session, nodes.names);
      while (given.some(word => word === '-w' || word === '--wait') && waiting.length === 0) {
        await new Promise(resolve => setTimeout(resolve, LOOK_MS));
        waiting = await waitingAmong(session, nodes.names);
      }
      if (verdict !== undefined) {
        await changeBoots(session, waiting, boot => {
          boot.installer = verdict;
        });
      }
      return answer(waiting.map(name => `${name}: FULL install ${verdict ?? 'waits for confirmation'}`).join('\n'));
    },
  },
];

/** Nodes by `-n`, by name, or the one the session is in; head nodes are left alone. */
function nodesOf(session: Session, words: readonly string[]): { names: readonly string[] } | Answer {
  const { options, rest, illegal } = takeOptions(words, [], ['-n', '--nodes']);
  if (illegal !== undefined) return failure(`Illegal option: ${illegal}`);
  const asked = parseNodeList([options.get('-n') ?? options.get('--nodes') ?? '', ...rest].join(' ')).nodes;
  const here = session.location.object;
  const names = asked.length > 0 || here === undefined ? asked : [here];
  if (names.length === 0) return failure('No nodes were given');
  const devices = session.state.objects.device.filter(device => device.values.type !== 'HeadNode');
  const missing = names.find(name => !devices.some(device => device.name === name));
  return missing === undefined ? { names } : notFound('device', missing);
}

async function waitingAmong(session: Session, names: readonly string[]): Promise<string[]> {
  const { boots } = await session.store.load();
  return names.filter(name => boots[name]?.installer === 'waiting');
}

function wantBoots(session: Session, names: readonly string[], wanted: 'reboot' | 'reset'): Promise<void> {
  return changeBoots(session, names, boot => {
    boot.wanted = wanted;
  });
}

async function changeBoots(session: Session, names: readonly string[], change: (boot: BootRecord) => void) {
  await session.store.update(state => {
    for (const name of names) change(bootOf(state, name));
    return names.length > 0;
  });
}
