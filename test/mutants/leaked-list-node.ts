import { layoutOf } from '../../machine/layout.js';
import sound from '../../strategies/merged-4.9.js';
import type { Strategy } from '../../strategies/strategy.js';

const mutant: Strategy = {
  ...sound,
  id: 'mutant-leaked-list-node',
  title: 'Mutant: a re-route does not free the old list node',
  summary: 'The node comes off the list of the previous vCPU and is given back by an unroute alone.',
  source: 'Of our own making.',
  create(machine) {
    const layout = { node: 'list_head', data: 'pointer' } as const;
    const { bytes: nodeBytes } = layoutOf('amd_svm_iommu_ir', layout, machine.host.pointerBytes);
    // A route does not use the tables that the strategy makes at boot, so a second set of them is harmless.
    const { route } = sound.create({
      ...machine,
      kmemCache: (bytes) => ({
        ...machine.kmemCache(bytes),
        ...(bytes === nodeBytes ? { free: () => {} } : {}),
      }),
    });
    return { ...sound.create(machine), route };
  },
};

export default mutant;
