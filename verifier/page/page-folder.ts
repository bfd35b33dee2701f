import type { Folder, FolderItem } from '../core/environment.js';

/** Read at once: large enough that reading costs little. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export type ChosenFiles = ReadonlyMap<string, File>;

/** A folder that the reader dropped or chose; `onRead` hears how many bytes have been read. */
export function chosenFolder(files: ChosenFiles, onRead: (bytes: number) => void): Folder {
  const fileOf = (name: string): File => {
    const file = files.get(name);
    if (file === undefined) throw new RangeError(`${name} is missing`);
    return file;
  };
  return {
    // A browser hands out files alone: links were followed by the system that chose them.
    list: async () => Array.from(files, ([name, { size }]): FolderItem => ({ name, size, regular: true })),
    read: async (name, most) => {
      const file = fileOf(name);
      if (file.size > most) throw new RangeError(`${name} is larger than ${most} bytes`);
      return new Uint8Array(await file.arrayBuffer());
    },
    async *chunks(name) {
      const file = fileOf(name);
      for (let at = 0; at < file.size; at += CHUNK_BYTES) {
        const bytes = new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer());
        yield bytes;
        onRead(at + bytes.length);
      }
    },
  };
}

/** Files of an `<input webkitdirectory>`: names from the chosen folder on. */
export function filesOfInput(list: FileList): ChosenFiles {
  return new Map(
    Array.from(list, (file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file]),
  );
}

/** Ten years of hourly time stamps are 175,200 files. */
const MOST_FILES = 250_000;

/** Files of what was dropped: one folder, or the files in it. */
export async function filesOfDrop(items: DataTransferItemList): Promise<ChosenFiles> {
  // The list is emptied when the event is over: all entries are taken before the first wait.
  const dropped = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const files = new Map<string, File>();
  const [only] = dropped;
  const strip = dropped.length === 1 && only?.isDirectory === true ? 1 : 0;
  for (const entry of dropped) await collect(entry, files, strip);
  return files;
}

async function collect(entry: FileSystemEntry, files: Map<string, File>, strip: number): Promise<void> {
  if (files.size > MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    files.set(
      entry.fullPath
        .split('/')
        .slice(1 + strip)
        .join('/'),
      file,
    );
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (children.length === 0) return;
    for (const child of children) await collect(child, files, strip);
  }
}
