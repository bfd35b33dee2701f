import { commandGroup } from '../command-group.js';
import { reconcileDecideCommand } from './reconcile-decide.js';
import { reconcileEntriesCommand } from './reconcile-entries.js';
import { reconcileImportCommand } from './reconcile-import.js';
import { reconcileListCommand } from './reconcile-list.js';
import { reconcileShowCommand } from './reconcile-show.js';

/** `bridge fees reconcile …`: the Interior Ministry's count against the book. */
export const feesReconcileCommand = commandGroup(
  'fees reconcile',
  'the Interior Ministry’s figures against the book: import, list, show, entries, decide',
  {
    import: reconcileImportCommand,
    list: reconcileListCommand,
    show: reconcileShowCommand,
    entries: reconcileEntriesCommand,
    decide: reconcileDecideCommand,
  },
);
