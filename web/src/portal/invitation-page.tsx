import { useQuery } from '@tanstack/react-query';
import { acceptInvitation, inspectInvitation } from '../api/account.js';
import { ApiError } from '../api/client.js';
import { useText } from '../i18n/use-text.js';
import { TextField } from '../ui/field.js';
import { Notice } from '../ui/notice.js';
import { Failure, Loading } from '../ui/states.js';
import { FrontDoor } from './front-door.js';
import { NewPasswordForm } from './new-password-form.js';
import { useWorkplace } from './workplace.js';

const LINK_OVER = [401, 422];

/** Where an invitation leads: a name and a password, and the account is open. */
export function InvitationPage({ token }: { readonly token: string }) {
  const { t } = useText();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => inspectInvitation(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const { error, data } = invitation;
  const isOver = error instanceof ApiError && LINK_OVER.includes(error.status);
  const note = data ? t('invitation.note', { email: data.email }) : isOver ? t('account.link.invalid') : t('loading');
  return (
    <FrontDoor title={t('invitation.title')} note={note}>
      {invitation.isPending && <Loading className="h-64" />}
      {isOver && <Notice kind="failed">{t('invitation.invalid')}</Notice>}
      {error && !isOver && <Failure error={error} onRetry={() => void invitation.refetch()} />}
      {data && <AcceptForm token={token} name={data.name} email={data.email} />}
    </FrontDoor>
  );
}

function AcceptForm({ token, name, email }: { readonly token: string; readonly name: string; readonly email: string }) {
  const { t } = useText();
  const { base } = useWorkplace().workplace;
  return (
    <NewPasswordForm
      email={email}
      submitLabel={t('invitation.submit')}
      invalidLink={t('invitation.invalid')}
      onSubmit={async (password, form) => {
        await acceptInvitation(token, password, String(form.get('name')).trim());
        location.replace(`${base}/`); // a fresh page: nothing of the link stays in its address or memory
      }}
    >
      <TextField
        label={t('account.name')}
        name="name"
        defaultValue={name}
        autoComplete="name"
        maxLength={100}
        required
      />
    </NewPasswordForm>
  );
}
