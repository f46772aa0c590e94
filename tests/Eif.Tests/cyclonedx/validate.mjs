// usage: node validate.mjs SBOM: checks a bill of materials with CycloneDX's own strict schema; prints what is wrong and ends with 1.
import fs from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const wrong = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(fs.readFileSync(process.argv[2], 'utf8'));
if (wrong !== null) {
  console.log(JSON.stringify(wrong, null, 1));
  process.exit(1);
}
