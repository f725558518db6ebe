import common from "./common.json";

/** One file an area, as in English. */
export default { ...common };
