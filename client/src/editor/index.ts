// All of the editor, as one piece to fetch.
export { canHold } from "./bytes";
export { Room } from "./room";
