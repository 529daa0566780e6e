import { type Draft, mergeDraft } from '../drafts.ts';
import { levelOf } from '../location.ts';
import { findProperty, KINDS, propertyKey, readValue } from '../properties.ts';
import { type Answer, answer, failure, notFound, type Session } from '../session.ts';
import type { State } from '../state.ts';
import { listTable, problemTable } from '../tables.ts';
import { type Problem, validateObject } from '../validate.ts';
import { type CommandDescription, takeOptions, texts } from './command.ts';

export const commitCommands: readonly CommandDescription[] = [
  {
    names: ['commit'],
    usage: 'commit [-w|--wait]',
    summary: 'Hand over what was changed: this object, at mode level all of the mode',
    run: (session, words) => {
      const { illegal } = takeOptions(texts(words), ['-w', '--wait'], []);
      return illegal === undefined ? commit(session) : failure(`Illegal option: ${illegal}`);
    },
  },
  {
    names: ['refresh'],
    usage: 'refresh',
    summary: 'Drop what was changed here and read again',
    run: session => {
      const drafts = inScope(session);
      session.drafts.forget(drafts);
      // An object that was never committed is gone now.
      if (drafts.some(draft => draft.committedName === undefined && draft.object.name === session.location.object)) {
        const { mode } = session.location;
        session.location = mode === undefined ? {} : { mode };
      }
      return answer();
    },
  },
  {
    names: ['modified'],
    usage: 'modified',
    summary: 'What is not committed',
    run: session => {
      const sign = (draft: Draft): string => (draft.removed ? '-' : draft.committedName === undefined ? '+' : '~');
      const rows = session.drafts.dirty().map(draft => [sign(draft), KINDS[draft.kind].typeName, draft.object.name]);
      const columns = [
        { header: 'State', width: 6 },
        { header: 'Type', width: 24 },
        { header: 'Name', width: 0 },
      ];
      const { noHeaders } = session.state.faults;
      return answer(rows.length === 0 ? '' : listTable(columns, rows, { headers: !noHeaders, cellWidth: 0 }));
    },
  },
  {
    names: ['validate'],
    usage: 'validate',
    summary: 'What a commit would find wrong',
    run: session => {
      const state = structuredClone(session.state);
      const outcome = mergeAndValidate(state, inScope(session), false);
      return outcome.failed ? outcome : answer();
    },
  },
];

/** What a commit here takes: the object's draft, the mode's, or at the main level all. */
function inScope(session: Session): Draft[] {
  return session.drafts.dirty(session.location.mode, session.location.object);
}

async function commit(session: Session): Promise<Answer> {
  const drafts = inScope(session);
  if (drafts.length === 0) return answer();
  let outcome = answer();
  session.state = await session.store.update(state => {
    letOtherEditorIn(state);
    outcome = mergeAndValidate(state, drafts, state.faults.commitLosesChange);
    if (!outcome.failed) state.commits += 1;
    return !outcome.failed;
  });
  if (outcome.failed) {
    session.state = await session.store.load();
    return outcome;
  }
  session.drafts.forget(drafts);
  const level = levelOf(session.location);
  return level === 'mode' || level === 'main' ? answer(summarise(drafts)) : answer();
}

function mergeAndValidate(state: State, drafts: readonly Draft[], loseOne: boolean): Answer {
  for (const draft of drafts) if (!mergeDraft(state, draft, loseOne)) return notFound(draft.kind, draft.object.name);
  const problems: Problem[] = drafts
    .filter(draft => !draft.removed)
    .flatMap(draft => validateObject(state, draft.kind, draft.object));
  return problems.length === 0 ? answer() : failure(problemTable(problems));
}

/** `Successfully committed 2 ConfigurationOverlays`, by kind. */
function summarise(drafts: readonly Draft[]): string {
  const lines: string[] = [];
  for (const kind of new Set(drafts.map(draft => draft.kind))) {
    const ofKind = drafts.filter(draft => draft.kind === kind);
    const removed = ofKind.filter(draft => draft.removed).length;
    if (removed > 0) lines.push(`Successfully removed ${removed} ${KINDS[kind].typeName}s`);
    lines.push(`Successfully committed ${ofKind.length - removed} ${KINDS[kind].typeName}s`);
  }
  return lines.join('\n');
}

/** The fault of the same name: somebody else's commit lands just before this one. */
function letOtherEditorIn(state: State): void {
  const [name, key = '', value = ''] = state.faults.otherEditor.split(':');
  const overlay = state.objects.configurationoverlay.find(candidate => candidate.name === name);
  const property = findProperty('configurationoverlay', key);
  if (overlay === undefined || property === undefined) return;
  const read = readValue(property, value.split(','));
  if ('value' in read) overlay.values[propertyKey(property)] = read.value;
  state.faults.otherEditor = '';
}
