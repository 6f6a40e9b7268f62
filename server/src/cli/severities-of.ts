// Reads the values of --severity.
import { levels, type Level } from '../sources/config-file.ts';
import { UsageError } from './user-error.ts';

/** `RULE=LEVEL`, more than one by commas. */
export function severitiesOf(values: readonly string[]): Readonly<Record<string, Level>> {
  return Object.fromEntries(
    values
      .flatMap((value) => value.split(','))
      .map((pair) => {
        const [rule = '', written] = pair.trim().split('=');
        const level = levels.find((one) => one === written);
        if (level === undefined)
          throw new UsageError(`--severity ${pair} is not valid: use RULE=LEVEL, with a LEVEL of ${levels.join(', ')}`);
        return [rule, level];
      }),
  );
}
