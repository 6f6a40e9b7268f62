// Where requests go by the routes of route-cases.ts. Istio's own route tables are asked the same in peers/recorded-cases.test.ts.
import { test } from 'node:test';
import { compareLines, sampleOf } from '../../kit/route-case.ts';
import { ourAnswer } from '../../oracle/ours.ts';
import { routes } from '../../oracle/profiles/routes.ts';
import { routeCases } from './route-cases.ts';

for (const one of routeCases)
  test(one.title, () => {
    compareLines(one, ourAnswer(sampleOf(one), new Set(), routes).more);
  });
