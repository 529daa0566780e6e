/** Filters and tests of Jinja and Ansible that are not here, and what to write instead. */
const elsewhere: Readonly<Record<string, string>> = {
  attr: "write value.name, or value['name']",
  e: 'nothing is escaped for HTML here: leave it out',
  escape: 'nothing is escaped for HTML here: leave it out',
  forceescape: 'nothing is escaped for HTML here: leave it out',
  safe: 'nothing is escaped for HTML here: leave it out',
  striptags: "write `| regex_replace('<[^>]*>', '')`",
  tojson: 'write `| to_json`',
  pprint: 'write `| to_nice_json`',
  random: 'a run that is resumed must find the same values: choose one beforehand, as a param',
  shuffle: 'a run that is resumed must find the same values: sort them, or give an order as a param',
  password_hash: 'its salt would be another each time: give the hash as a secret param',
  to_uuid: 'give the UUID as a param',
  vault: 'give secrets as params with `secret: true`',
  unvault: 'give secrets as params with `secret: true`',
  strftime: 'a time would be another in a resume: give it as a param, or run `date` and register it',
  to_datetime: 'times are compared as texts of ISO 8601, or as seconds',
  json_query: "write it with selectattr, map(attribute='…') and first",
  community: 'write it with the filters that there are',
  ipaddr: 'write it with split and regex_search',
  fileglob: 'name the files, or list them in a param',
  realpath: 'look with the module `stat`',
  expanduser: 'write the whole path',
  expandvars: "write lookup('env', 'NAME')",
  wordwrap: 'break the lines where the text is written',
  urlize: 'nothing is escaped for HTML here: leave it out',
  xmlattr: 'write the attributes out',
  type_debug: 'ask with `is string`, `is mapping` and their like',
  callable: 'values have no functions',
  escaped: 'nothing is escaped for HTML here',
  file: 'look with the module `stat`',
  directory: 'look with the module `stat`',
  exists: 'look with the module `stat`',
  link: 'look with the module `stat`',
  finished: 'tasks are always waited for',
  started: 'tasks are always waited for',
};

/** What to write instead of a filter or test that people bring from Ansible or Jinja and that is not here. */
export function insteadOf(name: string): string | undefined {
  const [first = ''] = name.replace(/^ansible\.(builtin|utils|netcommon)\./, '').split('.');
  return Object.hasOwn(elsewhere, first) ? elsewhere[first] : undefined;
}
