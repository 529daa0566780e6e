import type { Module } from '../core/module.ts';
import { assert } from './assert.ts';
import { cmshDevice } from './cmsh_device.ts';
import { cmshOverlay } from './cmsh_overlay.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { debug } from './debug.ts';
import { directory } from './directory.ts';
import { etcdHealth } from './etcd_health.ts';
import { etcdMoveLeader } from './etcd_move_leader.ts';
import { etcdRestore } from './etcd_restore.ts';
import { etcdSnapshot } from './etcd_snapshot.ts';
import { etcdSnapshotCheck } from './etcd_snapshot_check.ts';
import { etcdStatus } from './etcd_status.ts';
import { etcdctlMember } from './etcdctl_member.ts';
import { fail } from './fail.ts';
import { file } from './file.ts';
import { includeVars } from './include_vars.ts';
import { pause } from './pause.ts';
import { readFile } from './read_file.ts';
import { rsyncDir } from './rsync_dir.ts';
import { script } from './script.ts';
import { setFact } from './set_fact.ts';
import { shell } from './shell.ts';
import { stat } from './stat.ts';
import { systemdCheck } from './systemd_check.ts';
import { systemdService } from './systemd_service.ts';
import { template } from './template.ts';
import { validateArgumentSpec } from './validate_argument_spec.ts';
import { waitFor } from './wait_for.ts';
import { waitForLearner } from './wait_for_learner.ts';

/** Every module there is, by name. A module that is not in this list does not exist. */
export const modules: readonly Module[] = [
  assert,
  cmshDevice,
  cmshOverlay,
  command,
  copy,
  debug,
  directory,
  etcdHealth,
  etcdMoveLeader,
  etcdRestore,
  etcdSnapshot,
  etcdSnapshotCheck,
  etcdStatus,
  etcdctlMember,
  fail,
  file,
  includeVars,
  pause,
  readFile,
  rsyncDir,
  script,
  setFact,
  shell,
  stat,
  systemdCheck,
  systemdService,
  template,
  validateArgumentSpec,
  waitFor,
  waitForLearner,
];
