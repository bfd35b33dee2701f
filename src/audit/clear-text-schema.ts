import { z } from 'zod';
import { CLEAR_TEXT_FAULTS, clearTextFault } from '../person/clear-text.js';

/** A text of 1 to `max` characters that will stand in an entry in clear. What is wrong with it is an issue `custom`, in words of ours alone. */
export function clearTextSchema(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .superRefine((text, context) => {
      const fault = clearTextFault(text, max);
      if (fault !== null) context.addIssue({ code: 'custom', message: CLEAR_TEXT_FAULTS[fault] });
    });
}
