/** The stack in this process that the campaigns play on. */
export { inProcess } from "../../test/drivers/inProcess.js";
export { type Outputs, type Run, type StackDriver } from "../../test/drivers/driver.js";
