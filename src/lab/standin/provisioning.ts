// A node boots: the node installer provisions it as its install mode says. Only FULL changes anything here: it empties the
// node's disk of what the node made itself. Where the node is a data node it waits for a confirmation first. Times in
// seconds, chosen (the article has none), times the lab's scale: 5 until it asks, 20 for the disk, 5 until init is called.
import { desiredUnits } from './etcd-unit.ts';
import type { NodeRecord } from './node-record.ts';
import type { BootRecord, CmObject, State } from './state.ts';

const NEVER_BOOTED: BootRecord = { provisionedBoot: '', wanted: '', installer: '' };

/** How often an installer looks whether it was confirmed. */
const ASK_MS = 200;

export interface ProvisioningContext {
  load(): Promise<State>;
  update(change: (state: State) => void): Promise<void>;
  /** Resolves so many scaled seconds later, and no earlier than `leastMs`. */
  pause(seconds: number, leastMs?: number): Promise<void>;
}

/** What is known of a node's boots; may be written to. */
export function bootOf(state: State, node: string): BootRecord {
  const found = state.boots[node] ?? { ...NEVER_BOOTED };
  state.boots[node] = found;
  return found;
}

/** The mode of the next boot: once, else the node's own, else its category's. */
function installModeOf(state: State, device: CmObject): string {
  const category = state.objects.category.find(candidate => candidate.name === device.values.category);
  const modes = [device.values.nextinstallmode, device.values.installmode, category?.values.installmode];
  return modes.map(String).find(mode => mode !== '' && mode !== 'undefined') ?? 'AUTO';
}

export class Provisioning {
  readonly #context: ProvisioningContext;

  constructor(context: ProvisioningContext) {
    this.#context = context;
  }

  /** Reboots the nodes for which cmsh asked for it. */
  async rebootWanted(records: Iterable<NodeRecord>): Promise<void> {
    const { boots } = await this.#context.load();
    for (const record of records) {
      const wanted = boots[record.node.name]?.wanted ?? '';
      if (wanted === '') continue;
      await this.#change(record, boot => {
        boot.wanted = '';
      });
      await record.node.reboot(wanted);
    }
  }

  /**
   * Provisions a node that answers after a boot of this identifier. Resolves to false where the node went down meanwhile;
   * then it is begun anew at its next boot. A boot that was provisioned already is left alone.
   */
  async provision(record: NodeRecord, bootId: string): Promise<boolean> {
    const { generation } = record;
    const current = (): boolean => record.generation === generation;
    const state = await this.#context.load();
    const device = state.objects.device.find(candidate => candidate.name === record.node.name);
    const before = bootOf(state, record.node.name).provisionedBoot;
    if (device === undefined || before === bootId) return current();
    // A lab's first boot comes after its disks were made: there is nothing to provision.
    const install = before !== '' && installModeOf(state, device) === 'FULL';
    if (install && !(await this.#install(record, device.values.datanode === true, current))) return false;
    await this.#change(record, (boot, booted) => {
      boot.provisionedBoot = bootId;
      boot.installer = '';
      if (before !== '') booted.values.nextinstallmode = '';
    });
    return current();
  }

  async #install(record: NodeRecord, asks: boolean, current: () => boolean): Promise<boolean> {
    const { pause } = this.#context;
    await this.#setStatus(record, 'INSTALLING');
    await pause(5);
    if (!current()) return false;
    const answer = asks ? await this.#ask(record, current) : 'confirmed';
    if (answer === 'gone') return false;
    if (answer === 'confirmed') {
      await pause(20);
      const wanted = desiredUnits(await this.#context.load()).get(record.node.name);
      if (!current() || !(await record.node.wipe(wanted?.spool))) return false;
    }
    await this.#setStatus(record, 'INSTALLER_CALLINGINIT');
    await pause(5);
    return current();
  }

  async #ask(record: NodeRecord, current: () => boolean): Promise<'confirmed' | 'denied' | 'gone'> {
    await this.#change(record, boot => {
      boot.installer = 'waiting';
    });
    while (current()) {
      const { boots } = await this.#context.load();
      const installer = boots[record.node.name]?.installer;
      if (installer === 'confirmed' || installer === 'denied') return installer;
      await this.#context.pause(0, ASK_MS);
    }
    return 'gone';
  }

  #setStatus(record: NodeRecord, status: string): Promise<void> {
    return this.#change(record, (_, device) => {
      device.values.status = status;
    });
  }

  #change(record: NodeRecord, change: (boot: BootRecord, device: CmObject) => void): Promise<void> {
    return this.#context.update(state => {
      const device = state.objects.device.find(candidate => candidate.name === record.node.name);
      if (device !== undefined) change(bootOf(state, record.node.name), device);
    });
  }
}
