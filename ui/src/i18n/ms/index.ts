import common from "./common.json";
import shell from "./shell.json";

/** One file an area, as in English. */
export default { ...common, ...shell };
