// The pages that are generated, each as { name, text, builtOtherwise, comparable }. `builtOtherwise(kept)` gives a reason where the kept page
// describes what was built from other packages or another reference string: then it differs without being stale. `comparable(text)` is what a
// check compares of a page that has a date.
import { imagePage } from './image.mjs';
import { inputsPage } from './inputs.mjs';
import { kernelPage } from './kernel.mjs';
import { memoryPage } from './memory.mjs';
import { packagesPage } from './packages.mjs';
import { vulnerabilitiesPage } from './vulnerabilities.mjs';

export const pages = (root) => [imagePage, packagesPage, vulnerabilitiesPage, memoryPage, kernelPage, inputsPage].map((page) => page(root));
