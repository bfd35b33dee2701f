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
