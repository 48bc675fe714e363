import type { Score } from '../machine/score.js';
import type { Column, Figures } from './workload.js';

/** Share on time of all tenants but the first, who floods, in percent; and the goodput of all. */
export function victimFigures({ onTimeByTenant, goodputRps }: Score): Figures {
  const victims = onTimeByTenant.slice(1).filter((share) => !Number.isNaN(share));
  return {
    victims: (100 * victims.reduce((sum, share) => sum + share, 0)) / victims.length,
    worst: 100 * Math.min(...victims),
    total: goodputRps,
  };
}

export const VICTIM_COLUMNS: readonly Column[] = [
  { figure: 'victims', title: 'victims %', digits: 1, worst: 'least' },
  { figure: 'worst', title: 'worst victim %', digits: 1, worst: 'least' },
  { figure: 'total', title: 'total rps', digits: 0, worst: 'least' },
  { figure: 'best total', title: 'total at its best', digits: 0, worst: 'least' },
];
