// Whether the bugs of the posted patch show on the reader's host.

/** The conditions of the missing compare, and the VM creation from which on ids repeat. */
export interface ConditionsData {
  readonly aliases: number;
  readonly collisions: readonly {
    readonly vcpuId: number;
    readonly creation: number;
    readonly pair: string;
  }[];
}

/** The answer for a host, in words. */
export function conditionText(
  { aliases, collisions }: ConditionsData,
  creations: number,
  vcpuId: number,
): string {
  const hit = collisions.findLast((one) => one.vcpuId <= vcpuId && one.creation <= creations);
  const compare =
    hit === undefined
      ? 'No vCPUs share a bucket, so the missing compare does not show.'
      : `The missing compare shows: ${hit.pair} share a bucket.`;
  return creations < aliases
    ? `${compare} No vm_id repeats yet.`
    : `${compare} VM ${aliases} has had the tags of VM 1, so vm_ids repeat.`;
}

/** Makes the fields work, and then shows them. */
export function setUpConditions(): void {
  const form = document.querySelector<HTMLFormElement>('#conditions-form');
  const text = document.getElementById('conditions-data')?.textContent;
  const output = form?.querySelector('output');
  if (!form || !text || !output) return;
  const data: ConditionsData = JSON.parse(text);
  const apply = (): void => {
    const [creations, vcpuId] = [...form.querySelectorAll('input')].map(({ valueAsNumber }) => valueAsNumber);
    output.textContent = form.checkValidity()
      ? conditionText(data, creations ?? 0, vcpuId ?? 0)
      : 'Enter whole numbers.';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
