import common from "./common.json";
import consultation from "./consultation.json";
import diary from "./diary.json";
import patients from "./patients.json";
import shell from "./shell.json";

/** One file an area, so that two people can write two areas. */
export default { ...common, ...consultation, ...diary, ...patients, ...shell };
