import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Cell, Page, Part, TablePart } from '../frame/parts.js';
import type { HandlersOf } from '../frame/router.js';
import type { Job, Jobs, JobWhat } from '../jobs/port.js';
import { bytesText, JOB_STATES, jobFailure } from './jobs-words.js';

/** What the pages of long work show. */
export interface JobPagesPorts {
  readonly jobs: Pick<Jobs, 'list' | 'find' | 'file' | 'cancel'>;
  /** Names of the kinds of work. */
  readonly names: ReadonlyMap<JobWhat, BothLanguages>;
  /** How long a finished file waits. */
  readonly keepHours: number;
}

const LIST = '/konsol/isler';

/** A person's own long work: the list, one job, its file, and leaving it. */
export function createJobHandlers(
  ports: JobPagesPorts,
): HandlersOf<'jobs' | 'job' | 'job.file' | 'job.cancel'> {
  const { jobs } = ports;
  const findOwn = async ({ params, person }: ConsoleCall): Promise<Job> => {
    const job = await jobs.find(person.officer.tag, params.job ?? '');
    if (job === null) throw new ConsoleRefusal('NOT_FOUND');
    return job;
  };
  return {
    jobs: async ({ person }) => {
      return { kind: 'page', page: listPage(await jobs.list(person.officer.tag), ports) };
    },
    job: async (call) => ({ kind: 'page', page: jobPage(await findOwn(call), ports) }),
    'job.file': async ({ params, person }): Promise<Answer> => {
      const file = await jobs.file(person.officer.tag, params.job ?? '');
      if (file === null) throw new ConsoleRefusal('NOT_FOUND');
      return { kind: 'file', ...file };
    },
    'job.cancel': async (call) => {
      const { id } = await findOwn(call);
      // It may have ended in the meantime: its page says how.
      const isCancelled = await jobs.cancel(call.person.officer.tag, id);
      return { kind: 'see-other', to: addressOf(id), ...(isCancelled ? { told: 'done' } : {}) };
    },
  };
}

function addressOf(id: string): string {
  return `${LIST}/${id}`;
}

function nameOf({ what }: Job, { names }: JobPagesPorts): BothLanguages {
  return names.get(what) ?? { tr: 'Dosya hazırlama', en: 'Making a file' };
}

function listPage(list: readonly Job[], ports: JobPagesPorts): Page {
  const { keepHours } = ports;
  return {
    title: { tr: 'İşlerim', en: 'My work' },
    help: {
      tr: `Uzun süren işler burada sıraya girer ve siz beklemeden yapılır. Hazır olan dosya ${keepHours} saat boyunca yalnızca sizin için durur, sonra silinir.`,
      en: `Work that takes long is queued here and done without you waiting. A finished file is kept for ${keepHours} hours, for you alone, and is then deleted.`,
    },
    parts: [listTable(list, ports)],
  };
}

function listTable(list: readonly Job[], ports: JobPagesPorts): TablePart {
  return {
    part: 'table',
    caption: { tr: 'İstediğiniz işler, en yenisi üstte', en: 'Work that you asked for, newest first' },
    columns: [
      { label: { tr: 'İş', en: 'Work' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'İstendi', en: 'Asked for' } },
      { label: { tr: 'Bitti', en: 'Ended' } },
      { label: { tr: 'Boyut', en: 'Size' }, numeric: true },
      { label: { tr: 'Silinecek', en: 'Deleted on' } },
    ],
    rows: list.map((job): Cell[] => [
      { href: addressOf(job.id), text: nameOf(job, ports) },
      JOB_STATES[job.state],
      momentText(job.createdAt),
      job.endedAt === null ? '–' : momentText(job.endedAt),
      job.bytes === null ? '–' : bytesText(job.bytes),
      momentText(job.expiresAt),
    ]),
    empty: {
      tr: 'Bekleyen ya da hazır bir işiniz yok.',
      en: 'You have no work that waits or is ready.',
    },
  };
}

function jobPage(job: Job, ports: JobPagesPorts): Page {
  return {
    title: nameOf(job, ports),
    back: { href: LIST, text: { tr: 'İşlerim', en: 'My work' } },
    help: {
      tr: 'Bu sayfadan ayrılabilirsiniz; iş sürer ve sonucu “İşlerim” altında bekler. Artık gerekmiyorsa iptal edin.',
      en: 'You may leave this page; the work goes on and its result waits under “My work”. Cancel it where it is no longer needed.',
    },
    parts: [...stateParts(job), factsOf(job), ...fileParts(job)],
  };
}

function stateParts(job: Job): readonly Part[] {
  const { code, done, id, state, total } = job;
  if (state === 'waiting' || state === 'running') {
    const label =
      state === 'waiting'
        ? { tr: 'Sırada bekliyor', en: 'Waiting in the queue' }
        : { tr: 'Hazırlanıyor', en: 'In progress' };
    return [
      { part: 'progress', label, done, total, refresh: addressOf(id) },
      {
        part: 'form',
        action: `${addressOf(id)}/iptal`,
        method: 'post',
        fields: [],
        submit: { tr: 'İşi iptal et', en: 'Cancel the work' },
        grave: true,
      },
    ];
  }
  if (state === 'failed') return [{ part: 'notice', tone: 'problem', text: jobFailure(code ?? 'INTERNAL') }];
  if (state === 'cancelled')
    return [
      {
        part: 'notice',
        tone: 'warning',
        text: {
          tr: 'İş iptal edildi; dosya hazırlanmadı.',
          en: 'The work was cancelled; no file was made.',
        },
      },
    ];
  return [];
}

function factsOf({ code, createdAt, endedAt, expiresAt, id, state }: Job): Part {
  return {
    part: 'facts',
    rows: [
      { label: { tr: 'Durum', en: 'State' }, value: JOB_STATES[state] },
      { label: { tr: 'İstendi', en: 'Asked for' }, value: momentText(createdAt) },
      ...(endedAt === null ? [] : [{ label: { tr: 'Bitti', en: 'Ended' }, value: momentText(endedAt) }]),
      { label: { tr: 'Silinecek', en: 'Deleted on' }, value: momentText(expiresAt) },
      ...(code === null ? [] : [{ label: { tr: 'Kod', en: 'Code' }, value: { code } }]),
      { label: { tr: 'İş numarası', en: 'Number of the work' }, value: { code: id } },
    ],
  };
}

function fileParts({ bytes, fileName, id, sha256, state }: Job): readonly Part[] {
  if (state !== 'done' || fileName === null || bytes === null || sha256 === null) return [];
  return [
    { part: 'heading', text: { tr: 'Dosya', en: 'File' } },
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Ad', en: 'Name' }, value: fileName },
        { label: { tr: 'Boyut', en: 'Size' }, value: bytesText(bytes) },
        { label: { tr: 'SHA-256', en: 'SHA-256' }, value: { code: sha256 } },
      ],
    },
    {
      part: 'links',
      label: { tr: 'Dosyayı alın', en: 'Take the file' },
      links: [
        {
          href: `${addressOf(id)}/dosya`,
          text: { tr: 'Dosyayı indir', en: 'Download the file' },
          kind: 'main',
        },
      ],
    },
  ];
}
