import { playLane } from './lanes.ts';

playLane(1);
