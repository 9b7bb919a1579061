import { createContext, useContext } from "react";
import { pictureUrl } from "../../shared/ipc.ts";

/** Where pictures come from: main's protocol, or drawings in the gallery. */
export const PictureContext = createContext<(sha256: string) => string>(pictureUrl);

export function usePictureUrl(): (sha256: string) => string {
  return useContext(PictureContext);
}
