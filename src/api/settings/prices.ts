import { z } from 'zod';
import { matching, object } from '../values/fields';

const amount = (accepts: string, most: number) =>
  z.number({ error: accepts }).min(0, { error: accepts }).max(most, { error: accepts });

/** 31 days. */
const MOST_HOURS = 744;

const MONEY = 'an amount of money that is not negative, such as 0.04';

export const prices = object({
  currency: matching(/^[A-Z]{3}$/, 'a currency by its ISO 4217 code, such as USD or EUR', 3)
    .default('USD')
    .meta({ description: 'Currency of the prices, by its ISO 4217 code.' }),
  cpuHour: amount(MONEY, 1_000_000).meta({ description: 'Price of a requested CPU for an hour.' }),
  memoryGiBHour: amount(MONEY, 1_000_000).meta({ description: 'Price of a requested GiB of memory for an hour.' }),
  hours: amount(`a number of hours from 0 to ${String(MOST_HOURS)}`, MOST_HOURS)
    .default(730)
    .meta({ description: 'Hours a month that each session runs. 730 is round the clock.', unit: 'hours' }),
}).meta({
  description:
    'Prices of requested CPU and memory, for dozlab capacity: currency (USD), cpuHour, memoryGiBHour and hours a month (730). Without it no cost is shown.',
});

export type Prices = z.output<typeof prices>;
