/**
 * What may need the second step, and what each of them is. Closed. Which of them need it here stands in the settings
 * (`signIn.stepUp.operations`), whose list is this one.
 */
export const STEP_UP_POLICY = {
  'audit.reveal': 'opening sealed values of entries: searches and evidence with the numbers in them',
  'audit.decide': 'decisions about the log: destruction, holds, master keys, answers to persons, signals',
  'audit.ranges': 'taking a range of the log out of the database, and bringing it back',
  'audit.continue': 'letting the log go on under another name after a restored backup',
  'roles.decide': 'giving roles to staff and taking them away',
  'sessions.end': 'ending sessions of others, and taking a lost second step away',
  'fees.close': 'closing a quarter of the fee book',
  'fees.decide':
    'decisions about money: tariff, stop of a budget, differences, notices and payments, agreements',
  'fees.reveal': 'statements by user with the numbers in them',
  'mersis.release': 'releasing what a reading of MERSİS held back',
  'authority.decide': 'bringing in a ministry’s suspension or its end, and appointees of the closed system',
  'maintenance.decide': 'keeping a national system from being asked, for planned maintenance',
} as const satisfies Readonly<Record<string, string>>;

export type StepUpOperation = keyof typeof STEP_UP_POLICY;

/** Whether `operation` needs the second step. Everything does where nothing is set. */
export function needsStepUp(
  settings: { readonly operations: readonly string[] } | undefined,
  operation: StepUpOperation,
): boolean {
  return settings === undefined || settings.operations.includes(operation);
}
