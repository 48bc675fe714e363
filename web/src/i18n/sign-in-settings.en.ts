import type { signInSettingsKo } from './sign-in-settings.ko.js';

/** English texts of the page where owners set single sign-on up. */
export const signInSettingsEn: Record<keyof typeof signInSettingsKo, string> = {
  'nav.signInSettings': 'Single sign-on',
  'sso.title': 'Single sign-on (SSO)',
  'sso.lead': 'Lets people sign in with the accounts of your company (OpenID Connect). Passwords go on working.',
  'sso.forbidden': 'Only owners may set this up',
  'sso.forbiddenHint':
    'Whoever changes how people sign in could enter any account, so only owners may. Please ask an owner of this workspace.',
  'sso.state.none': 'Not set up yet',
  'sso.state.noneHint':
    'Register the address below at your provider, then enter the client ID and the secret that it gives you.',
  'sso.state.on': 'Turned on',
  'sso.state.onHint': 'The sign-in page has a button “Sign in with {{label}}”.',
  'sso.state.off': 'Turned off',
  'sso.state.offHint': 'The settings are kept, but the sign-in page has no button.',
  'sso.state.changed': 'Last changed: {{time}}',
  'sso.turnOn': 'Turn on',
  'sso.turnOff': 'Turn off',
  'sso.remove': 'Remove',
  'sso.removeTitle': 'Remove single sign-on?',
  'sso.removeText':
    'All of these settings are deleted, the client secret too. Members keep their accounts and stay signed in; from then on they sign in with a password.',
  'sso.removeKeep': 'Keep it',
  'sso.removed': 'Single sign-on was removed.',

  'sso.redirect': 'Redirect address',
  'sso.redirectHelp':
    'Register it at your provider exactly like this. Sign-ins are refused when one character differs.',
  'sso.redirectNone':
    'This workspace has no address of its own, which single sign-on needs. Please ask the operator of this service.',
  'sso.copy': 'Copy',
  'sso.copied': 'Copied',
  'sso.copyLabel': 'Copy {{address}}',

  'sso.provider': 'Provider',
  'sso.issuer': 'Issuer',
  'sso.issuerHelp':
    'The address in the “iss” claim of its ID tokens. At Microsoft Entra ID: https://login.microsoftonline.com/directory-id/v2.0',
  'sso.issuer.invalid': 'Please enter an address that begins with “https://”.',
  'sso.issuer.unsafe':
    'This address cannot be used. Please enter a public https address without a user name, with port 443 or 8443.',
  'sso.issuer.unusable': 'The provider at this address cannot be used, so nothing was saved. The reason is below.',
  'sso.issuer.unusableNow':
    'The provider does not answer right now or cannot be used. Please test the connection below.',
  'sso.test': 'Test the connection',
  'sso.testing': 'Testing…',
  'sso.test.ok': 'Connected. The provider at this address can be used.',
  'sso.test.silent':
    'It does not say whether e-mail addresses are verified (email_verified). Enter your domain under “Trusted e-mail domains” below, or nobody can sign in.',
  'sso.test.named': 'The provider calls itself {{issuer}}.',
  'sso.test.use': 'Use this issuer',
  'sso.test.unresolved': 'The host name is not known. Please check the spelling.',
  'sso.test.unreachable': 'Nothing answers at this address, or the answer breaks off.',
  'sso.test.tls': 'The certificate of this address cannot be verified.',
  'sso.test.timeout': 'It did not answer within 8 seconds.',
  'sso.test.no_metadata':
    'Something answers, but not as an OpenID provider. There must be a configuration document at this address followed by /.well-known/openid-configuration.',
  'sso.test.other_issuer': 'The provider at this address calls itself otherwise. Please use the issuer that it names.',
  'sso.test.shared':
    'Many companies share this address, so people of others could get in. Please enter the issuer with the directory (tenant) ID of your own company.',
  'sso.test.incomplete': 'Its configuration document lacks the address of the sign-in, of its tokens or of its keys.',
  'sso.clientId': 'Client ID',
  'sso.clientId.invalid': 'Please enter the client ID that the provider gave you.',
  'sso.secret': 'Client secret',
  'sso.secret.none': 'None is stored yet. It is stored encrypted and never shown again.',
  'sso.secret.stored': 'A secret is stored. Enter one only to replace it. The stored one is never shown.',
  'sso.secret.required':
    'Please enter the client secret of this provider. The one of another provider is not used for it.',
  'sso.label': 'Name on the button',
  'sso.labelHelp': 'The sign-in page says “Sign in with” and this name.',

  'sso.who': 'Who may come in',
  'sso.allowed': 'Allowed e-mail domains',
  'sso.allowedHelp': 'One per line, at most 50. When empty, people you invited may come from any domain.',
  'sso.allowed.required':
    'At least one domain is needed to create members. Without one, everybody the provider knows would become a member.',
  'sso.allowed.invalid': 'Please check the domains, for example hanbit.example (at most 50, each once).',
  'sso.trusted': 'Trusted e-mail domains',
  'sso.trustedHelp':
    'Only for providers that do not say whether an address is verified, such as Microsoft Entra ID. One per line, at most 20. Enter a domain only when nobody but your company gives out its addresses at this provider. An address that the provider calls unverified is always refused.',
  'sso.trusted.invalid':
    'Please check the domains. Enter whole domains of your own; “com” or “co.kr” alone cannot be used (at most 20, each once).',
  'sso.create': 'Create a member when somebody without an account signs in for the first time',
  'sso.createHelp': 'When off, only people you invited may come in.',
  'sso.role': 'Role of new members',
  'sso.role.admin': 'Admin',
  'sso.role.developer': 'Developer',
  'sso.role.analyst': 'Analyst',
  'sso.role.viewer': 'Viewer',
  'sso.save': 'Save',
  'sso.saving': 'Saving…',
  'sso.saved': 'Saved.',
  'sso.saveFailed': 'It could not be saved.',
  'sso.conflict':
    'Another owner changed the settings in the meantime, so nothing was saved. Please load the latest settings and change them again.',
  'sso.reload': 'Load the latest settings',
};
