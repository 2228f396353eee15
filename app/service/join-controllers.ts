import type { DeepReadonly, Lift } from '../../config/index.ts';
import type { Controllers, LiftWithController } from '../../controllers/index.ts';
import type { LiftPart } from './lift-registry.ts';

/** The lifts that have a controller, handed to the intake as a whole with every change. */
export async function joinControllers(
  lifts: readonly DeepReadonly<Lift>[],
  controllers: Pick<Controllers, 'setLifts'>,
): Promise<LiftPart> {
  let known = lifts.flatMap(withController);
  await controllers.setLifts(known);
  const change = async (next: readonly LiftWithController[]): Promise<void> => {
    await controllers.setLifts(next);
    known = [...next];
  };
  return {
    put: (lift) => change([...known.filter(({ id }) => id !== lift.id), ...withController(lift)]),
    remove: (liftId) => change(known.filter(({ id }) => id !== liftId)),
  };
}

function withController({ id, controller }: DeepReadonly<Lift>): LiftWithController[] {
  return controller
    ? [{ id, controller: structuredClone(controller) as LiftWithController['controller'] }]
    : [];
}
