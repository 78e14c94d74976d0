import { join } from "node:path";

/** What the two servers are told. Paths are absolute; nothing is taken from the system's own mail set-up. */
export type MailFolder = {
  readonly folder: string;
  /** The system account that both run as. */
  readonly account: { readonly name: string; readonly group: string; readonly uid: number; readonly gid: number };
  readonly ports: { readonly smtp: number; readonly imap: number; readonly imaps: number };
};

/** Opens each mailbox. */
export const PASSWORD = "secret";
/** Where mail to addresses without a mailbox of their own is put. */
export const EVERYONE = "everyone";

/**
 * Exim 4 that delivers everything to Maildirs of this folder and relays nothing. What a server can do to a mail is asked for by
 * the local part of its address: `refused` (550 at once), `later` (451), `slow` (two seconds before it takes the mail), `bounced`
 * (takes it, then returns a delivery status).
 */
export function eximConfig({ folder, account, ports }: MailFolder): string {
  const known = `\${lookup{\${lc:$local_part@$domain}}dsearch,filter=dir{${join(folder, "mail")}}`;
  return `
exim_user = ${account.uid}
exim_group = ${account.gid}
primary_hostname = mail.example
spool_directory = ${join(folder, "spool")}
log_file_path = ${join(folder, "log")}/%slog
pid_file_path = ${join(folder, "exim.pid")}
local_interfaces = 127.0.0.1 : 127.0.0.2
daemon_smtp_ports = ${ports.smtp}
disable_ipv6
keep_environment =
add_environment = PATH=/usr/bin
timezone = UTC
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = *
tls_certificate = ${join(folder, "cert.pem")}
tls_privatekey = ${join(folder, "key.pem")}
deliver_drop_privilege
message_size_limit = 30M
smtp_accept_max = 200
queue_only_load = 99
bounce_return_body = false
delay_warning =
acl_smtp_rcpt = check_rcpt
acl_smtp_data = check_data

begin acl
check_rcpt:
  deny local_parts = refused
       message = no such mailbox
  defer local_parts = later
        message = try again later
  accept
check_data:
  accept condition = \${if match{$recipients}{(^|, )slow@}}
         delay = 2s
  accept

begin routers
bounced:
  driver = redirect
  allow_fail
  local_parts = bounced
  data = :fail: 550 5.1.1 no such mailbox
known:
  driver = accept
  local_part_suffix = +*
  local_part_suffix_optional
  condition = ${known}{yes}{no}}
  address_data = ${known}}
  transport = maildir
everyone:
  driver = accept
  address_data = ${EVERYONE}
  transport = maildir

begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${join(folder, "mail")}/$address_data/Maildir
  create_directory
  delivery_date_add
  envelope_to_add
  return_path_add

begin retry
* * F,1h,1s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if eq{$auth3}{${PASSWORD}}}
  server_set_id = $auth2
`;
}

/** Dovecot that serves those Maildirs, with and without TLS. */
export function dovecotConfig({ folder, account, ports }: MailFolder): string {
  return `
protocols = imap
base_dir = ${join(folder, "run")}
state_dir = ${join(folder, "state")}
log_path = ${join(folder, "log", "dovecot")}
instance_name = jikim-test
listen = 127.0.0.1
ssl = yes
ssl_cert = <${join(folder, "cert.pem")}
ssl_key = <${join(folder, "key.pem")}
default_internal_user = ${account.name}
default_internal_group = ${account.group}
default_login_user = ${account.name}
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:${join(folder, "mail")}/%u/Maildir
mail_max_userip_connections = 50
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${account.name} gid=${account.group} home=${join(folder, "mail")}/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
  }
}
service anvil {
  chroot =
}
`;
}
