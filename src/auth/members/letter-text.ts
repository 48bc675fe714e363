import type { LinkLetter } from './account-mail.js';

/** Words of a letter, English and Korean. */
export function letterText({ purpose, to, tenantName, url, expiresAt }: LinkLetter): { subject: string; text: string } {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (purpose === 'invitation') {
    return {
      subject: `Invitation to ${tenantName} / ${tenantName} 초대`,
      text: [
        `Hello ${to.name},`,
        `you are invited to ${tenantName}. Choose a password at the address below; it works once, until ${until}.`,
        url,
        '',
        `${to.name} 님, 안녕하세요.`,
        `${tenantName}에 초대되었습니다. 아래 주소에서 비밀번호를 정해 주세요. 주소는 한 번만, ${until}까지 쓸 수 있습니다.`,
        url,
        '',
      ].join('\n'),
    };
  }
  return {
    subject: `New password for ${tenantName} / ${tenantName} 비밀번호 재설정`,
    text: [
      `Hello ${to.name},`,
      `set a new password at the address below; it works once, until ${until}. If you did not ask for it, do nothing.`,
      url,
      '',
      `${to.name} 님, 안녕하세요.`,
      `아래 주소에서 새 비밀번호를 정해 주세요. 주소는 한 번만, ${until}까지 쓸 수 있습니다. 요청하지 않으셨다면 그대로 두시면 됩니다.`,
      url,
      '',
    ].join('\n'),
  };
}
