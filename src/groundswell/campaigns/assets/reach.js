// Letters and calls made comfortable: finds who represents a postcode, shows a letter as the office
// will read it, leads from one call to the next. Nothing here is needed to take part: without it
// the same form asks in two steps.
//
// What it reads (a star: it does nothing without it):
//   form[data-reach="letter"]*      data-action*="<page key>"; also has data-send, as any form;
//                                   data-channels="email cwc form print": the page's, best first
//   section[data-reach="call"]*     around all of it, the form too; data-action*="<page key>"
//     [data-plain]                  what is only there for those without a script: it is hidden
//     [data-call]                   an empty place for the cards
//     [data-script]                 what to say, with marks such as {target}; moves into the cards
//   section[data-reach="thanks"]*   on the thank-you page, empty and hidden; data-action*,
//                                   data-report="<path>": where `report` is posted
//   public/division.html            in the form, for the field `division`: it finds the people for
//                                   input[name=postcode] of the same form
//   public/reach_words.html         once on each of these pages: every word it says
//   [data-target="<key>"]           a decision maker the page is about; data-name, data-role,
//                                   data-organization, data-party, data-salutation, data-kind,
//                                   data-group, data-channel="email|cwc|webhook|form|print",
//                                   data-form, data-url, data-phone, data-address, data-hours,
//                                   data-zone, data-offices='[{"city","phone","address","hours",
//                                   "zone","lat","lon"}]'
//   textarea[data-letter="<group>"] a text; what it holds at first is the organiser's. The group
//                                   whose name is empty is for everybody that has no other;
//                                   data-groups="house senate": kinds of office that get this text;
//                                   data-limit="<characters>": the most the channel takes
//   input[data-subject="<group>"]   the subject of that text
//   input[data-point="<text>"]      a talking point to tick; ticked ones stand where {points} is
//   [data-preview]                  an empty place for the letter as it will be read
//
// The spec's side of it: FieldSpec("division", "division", required=True, choices=<kinds of
// office>, lookup="us") and, where one person is meant (a call), FieldSpec("target", "target",
// choices=<keys of the page's own targets>, lookup="us"). A refill page shows what may be chosen in
// the slots `regions:division`, `choices:division`, `choices:target`.
(() => {
  "use strict";
})();
