import type { BothLanguages } from '../../pages/views.js';
import type { ChartSpec } from './chart.js';

/** What stands on a page: a text of ours in both languages, or a value as it is (a name, a number, an id), which is kept apart from what surrounds it. */
export type Text = BothLanguages | string;

export type Tone = 'good' | 'warning' | 'problem' | 'calm';

/** One cell of a table or one value of a list of facts. `href`: a path of ours. */
export type Cell =
  | Text
  | { readonly href: string; readonly text: Text }
  | { readonly mark: Tone; readonly text: Text }
  | { readonly code: string }
  | { readonly lines: readonly Cell[] }
  | { readonly button: ButtonForm };

/** A form of one button, for a row of a table. Hidden fields hold nothing personal. */
interface ButtonForm {
  readonly action: string;
  readonly text: Text;
  readonly hidden?: Readonly<Record<string, string>>;
  /** What screen readers hear beside the text, since rows repeat it. */
  readonly about?: Text;
}

export interface TablePart {
  readonly part: 'table';
  readonly caption: Text;
  readonly columns: readonly { readonly label: Text; readonly numeric?: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said in its place where there are no rows. */
  readonly empty: Text;
  /** Sums beneath, one cell for each column. */
  readonly foot?: readonly Cell[];
}

/** `error`: what is wrong, beside the field; the field keeps what was typed (`value`), but for files. */
export interface FieldBase {
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly error?: Text | undefined;
  /** True: the browser asks for it before sending. */
  readonly required?: boolean;
}

export type Field = FieldBase &
  (
    | {
        readonly kind: 'text' | 'date' | 'datetime' | 'number';
        readonly value?: string;
        readonly maxLength?: number;
        readonly inputMode?: 'numeric' | 'text';
        /** True: numbers of persons are never offered again by the browser. */
        readonly personal?: boolean;
      }
    | { readonly kind: 'textarea'; readonly value?: string; readonly maxLength?: number }
    | {
        readonly kind: 'select' | 'radio';
        readonly value?: string;
        readonly options: readonly { readonly value: string; readonly text: Text }[];
      }
    | {
        readonly kind: 'checkboxes';
        readonly values: readonly string[];
        readonly options: readonly { readonly value: string; readonly text: Text }[];
      }
    | { readonly kind: 'file'; readonly accept: string }
  );

/** `method` get: a filter, whose fields stand in the address: nothing personal. post: carries the form's token by itself. */
export interface FormPart {
  readonly part: 'form';
  readonly action: string;
  readonly method: 'get' | 'post';
  readonly fields: readonly Field[];
  readonly submit: Text;
  readonly hidden?: Readonly<Record<string, string>>;
  /** What was typed before, to be sent once more; a name may stand several times. */
  readonly typed?: readonly (readonly [name: string, value: string])[];
  /** Cannot be undone. */
  readonly grave?: boolean;
  readonly upload?: boolean;
  /** Fields in a row where there is room, as filters are. */
  readonly inline?: boolean;
  readonly legend?: Text;
}

/** A label with its value. */
export interface Fact {
  readonly label: Text;
  readonly value: Cell;
}

/** What a page is made of. The design system: `/konsol/parcalar` shows each of them. */
export type Part =
  | { readonly part: 'heading'; readonly text: Text; readonly id?: string }
  | { readonly part: 'text'; readonly text: Text; readonly quiet?: boolean }
  | {
      readonly part: 'notice';
      readonly tone: Tone;
      readonly text: Text;
      readonly list?: readonly Cell[];
      readonly link?: { readonly href: string; readonly text: Text };
    }
  | { readonly part: 'facts'; readonly rows: readonly Fact[] }
  | {
      readonly part: 'tiles';
      readonly tiles: readonly {
        readonly label: Text;
        readonly value: Text;
        readonly note?: Text;
        readonly href?: string;
        readonly tone?: Tone;
      }[];
    }
  | TablePart
  // A picture with what it says in a sentence, and its numbers as a table beneath.
  | { readonly part: 'chart'; readonly chart: ChartSpec; readonly says: Text; readonly table: TablePart }
  | FormPart
  | {
      readonly part: 'links';
      readonly label: Text;
      readonly links: readonly {
        readonly href: string;
        readonly text: Text;
        readonly kind?: 'main' | 'second' | 'current';
        /** What stands on this page must not be lost. Its text says so. */
        readonly newTab?: true;
      }[];
    }
  // What happened, or is to happen, in order.
  | {
      readonly part: 'steps';
      readonly label: Text;
      readonly steps: readonly {
        readonly title: Text;
        readonly state: 'done' | 'current' | 'todo' | 'failed';
        readonly at?: Text;
        /** What is known of it, above its body. */
        readonly facts?: readonly Fact[];
        readonly body?: readonly Cell[];
      }[];
    }
  // Further pages of a list, by cursor: nothing jumps where new rows come in. `first`: back to the newest.
  | {
      readonly part: 'pager';
      readonly shown: Text;
      readonly first?: string | null;
      readonly next: string | null;
    }
  // `done` of `total` (null: nobody knows yet); `refresh`: this page's own address.
  | {
      readonly part: 'progress';
      readonly label: Text;
      readonly done: number;
      readonly total: number | null;
      readonly refresh: string;
    }
  | { readonly part: 'code'; readonly label: Text; readonly text: string }
  | { readonly part: 'more'; readonly summary: Text; readonly parts: readonly Part[] };

/** A page as data. `help`: what it is for and what to do here, in a few plain sentences. */
export interface Page {
  readonly title: Text;
  readonly help: Text;
  readonly parts: readonly Part[];
  /** Where this page hangs: shown above the title. */
  readonly back?: { readonly href: string; readonly text: Text };
}
