// fast-check that tries the same cases in each run, so that a run which fails can be had again. Other cases: PROPERTY_SEED=7.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20261129) });

export { fc };
