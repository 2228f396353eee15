import { callLogContract } from '../../contract/signaling-call-log.ts';
import { MemoryCallLog } from './memory-call-log.ts';

callLogContract('the tests’ log in memory', async () => new MemoryCallLog());
