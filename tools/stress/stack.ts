/** The in-process stack that the campaigns play on: the one place to change when its driver does. */
export { FakeStack as InProcessStack, type Run } from "../../test/provider/fakeStack.js";
