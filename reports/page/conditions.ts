// Whether the bugs of the posted patch show on the reader's host.
import { choicesInAddress, choose } from './address.js';

/** The conditions of the missing compare, and the VM creations from which on ids repeat and VMs share a bucket. */
export interface ConditionsData {
  readonly aliases: number;
  readonly vmBucket: number;
  readonly collisions: readonly {
    readonly vcpuId: number;
    readonly creation: number;
    readonly pair: string;
  }[];
}

/** The answer for a host, in words. */
export function conditionText(
  { aliases, vmBucket, collisions }: ConditionsData,
  creations: number,
  vcpuId: number,
): string {
  const hit = collisions.findLast((one) => one.vcpuId <= vcpuId && one.creation <= creations);
  const compare =
    hit === undefined
      ? 'No vCPUs share a bucket, so the missing compare does not show.'
      : `The missing compare shows while both run: ${hit.pair} share a bucket.`;
  const ids =
    creations < aliases ? 'No vm_id repeats yet.' : `VM ${aliases} has had the tags of VM 1: vm_ids repeat.`;
  const log =
    creations < vmBucket
      ? 'The GA log wakes the right VM.'
      : creations < aliases - 1
        ? `The GA log can wake the wrong VM: VM ${vmBucket} shares a bucket with another.`
        : `From VM ${aliases - 1} on the GA log wakes another VM or none.`;
  return `${compare} ${ids} ${log}`;
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
      : 'Enter whole numbers: VM creations from 1, a vcpu_id from 0 to 255.';
  };
  for (const input of form.querySelectorAll('input')) {
    const said = Number(choicesInAddress().get(input.name) ?? '');
    if (said > 0) input.valueAsNumber = said;
  }
  form.addEventListener('input', (event) => {
    const { name, value } = event.target as HTMLInputElement;
    choose({ [name]: value });
    apply();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
