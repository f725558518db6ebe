import common from "./common.json";

/** One file an area, so that two people can write two areas. */
export default { ...common, ...consultation, ...patients, ...shell };
export default { ...common, ...shell, ...diary };
import consultation from "./consultation.json";
import diary from "./diary.json";
import patients from "./patients.json";
import shell from "./shell.json";
