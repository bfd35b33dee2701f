import { appointmentPlace } from '../../appointments/appointment-rows.js';
import { personKeyTarget, proposalTarget, type RewrapTarget } from '../../audit/retention/rewrap.js';
import { authorityPersonPlace } from '../../authority/recording/person-place.js';
import { grantPersonsPlace } from '../../authority/roles/sealed-grant.js';
import { jobPlace } from '../../console/jobs/job-box.js';
import { lookPlace } from '../../console/looks/looks.js';
import { profilePlace, sessionPlace } from '../../sign-in/access-tokens.js';
import { signingKeyPlace } from '../../sign-in/provider/keys.js';
import { recordPlace } from '../../sign-in/provider/records.js';
import { devicePlace } from '../../sign-in/step-up/device.js';
import { upstreamStatePlace } from '../../sign-in/upstream-state.js';

const sessions: RewrapTarget = {
  table: 'sign_in_session',
  key: [{ name: 'session_id', type: 'uuid' }],
  boxes: [
    { column: 'person_box', place: (row) => sessionPlace(row.session_id as string) },
    { column: 'profile_box', place: (row) => profilePlace(row.session_id as string) },
  ],
};

// Not `pending_box`: it names its own key (`waitingUnderOtherKeys`).
const devices: RewrapTarget = {
  table: 'step_up_device',
  key: [{ name: 'person_tag', type: 'bytea' }],
  boxes: [{ column: 'box', place: (row) => devicePlace(row.person_tag as Buffer) }],
};

const signingKeys: RewrapTarget = {
  table: 'sign_in_key',
  key: [{ name: 'kid', type: 'text' }],
  boxes: [{ column: 'box', place: (row) => signingKeyPlace(row.kid as string) }],
};

const records: RewrapTarget = {
  table: 'oidc_record',
  key: [
    { name: 'model', type: 'text' },
    { name: 'id_hash', type: 'bytea' },
  ],
  boxes: [{ column: 'box', place: (row) => recordPlace(row.model as string, row.id_hash as Buffer) }],
};

const upstreamStates: RewrapTarget = {
  table: 'upstream_state',
  key: [{ name: 'state_hash', type: 'bytea' }],
  boxes: [{ column: 'box', place: (row) => upstreamStatePlace(row.state_hash as Buffer) }],
};

const seatedPersons: RewrapTarget = {
  table: 'authority_person',
  key: [{ name: 'person_tag', type: 'bytea' }],
  boxes: [{ column: 'person_box', place: (row) => authorityPersonPlace(row.person_tag as Buffer) }],
};

const appointments: RewrapTarget = {
  table: 'appointment',
  key: [{ name: 'appointment_id', type: 'uuid' }],
  boxes: [{ column: 'person_box', place: (row) => appointmentPlace(row.appointment_id as string) }],
};

const proposedGrants: RewrapTarget = {
  table: 'role_proposal',
  key: [{ name: 'proposal_id', type: 'uuid' }],
  boxes: [{ column: 'box', place: (row) => grantPersonsPlace(row.proposal_id as string) }],
};

// An uploaded file at a time: they are held in memory whole.
const looks: RewrapTarget = {
  table: 'console_look',
  key: [{ name: 'look_id', type: 'uuid' }],
  boxes: [
    {
      column: 'box',
      place: (row) => lookPlace(row.session_id as string, row.what as string, row.look_id as string),
    },
  ],
  atOnce: 4,
};

// The pieces of its file stand under a key that is in its box.
const jobs: RewrapTarget = {
  table: 'console_job',
  key: [{ name: 'job_id', type: 'uuid' }],
  boxes: [
    {
      column: 'box',
      place: (row) =>
        jobPlace({
          id: row.job_id as string,
          what: row.what as string,
          tag: row.person_tag as Buffer,
          sessionId: row.session_id as string,
        }),
    },
  ],
};

/** Every table with values under a master key. Whoever adds one to a migration adds it here, or its old key is taken out too early. */
export const REWRAP_TARGETS: readonly RewrapTarget[] = [
  personKeyTarget,
  sessions,
  proposalTarget,
  devices,
  signingKeys,
  records,
  upstreamStates,
  seatedPersons,
  appointments,
  proposedGrants,
  looks,
  jobs,
];
