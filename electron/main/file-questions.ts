/** Asks the operator for files. */
import { type BrowserWindow, dialog, type OpenDialogOptions, type SaveDialogOptions } from "electron";

/** Each resolves with a file; null when the operator chose none, or while another question is open. */
export type FileQuestions = {
  readonly askOpen: (options: OpenDialogOptions) => Promise<string | null>;
  readonly askSave: (options: SaveDialogOptions) => Promise<string | null>;
};

/** One question at a time: a page that asks ten thousand times opens one. */
export function fileQuestions(window: () => BrowserWindow | null): FileQuestions {
  let open = false;
  const alone = async (ask: (parent: BrowserWindow | null) => Promise<string | null>): Promise<string | null> => {
    if (open) return null;
    open = true;
    try {
      return await ask(window());
    } finally {
      open = false;
    }
  };
  return {
    askOpen: (options) =>
      alone(async (parent) => {
        const { filePaths } = await (parent === null
          ? dialog.showOpenDialog(options)
          : dialog.showOpenDialog(parent, options));
        return filePaths[0] ?? null;
      }),
    askSave: (options) =>
      alone(async (parent) => {
        const { filePath } = await (parent === null
          ? dialog.showSaveDialog(options)
          : dialog.showSaveDialog(parent, options));
        return filePath === "" ? null : filePath;
      }),
  };
}
