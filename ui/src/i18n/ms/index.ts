import common from "./common.json";
import consultation from "./consultation.json";
import diary from "./diary.json";
import patients from "./patients.json";
import shell from "./shell.json";

/** One file an area, as in English. */
export default { ...common, ...consultation, ...diary, ...patients, ...shell };
