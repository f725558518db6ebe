import common from "./common.json";
import patients from "./patients.json";
import shell from "./shell.json";

/** One file an area, as in English. */
export default { ...common, ...patients, ...shell };
