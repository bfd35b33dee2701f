import type { BothLanguages } from '../../pages/views.js';
import type { Part } from '../frame/parts.js';

/** One part of the design system with examples. `name`: as the code calls it. */
export interface Sample {
  readonly name: Part['part'];
  readonly title: BothLanguages;
  readonly when: BothLanguages;
  readonly parts: readonly Part[];
}
