"""The rules by which planning decides, each with the sentence that says so; `words.render` puts the values in."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    # Why an offer cannot be booked
    "you excluded it": "You excluded it.",
    "price unknown": "Its price is not known; enter it in the catalogue to have it planned.",
    "price above budget": "One {basis} costs {price:,.2f} euros, more than the whole budget of {budget:,.2f} euros.",
    "hours above limit": "It takes {hours:g} hours, more than the {limit:g} hours each person has.",
    "begins too early": "It begins on {date}, before the plan does on {start}.",
    "ends too late": "It ends on {date}, after the plan does on {end}.",
    "too long for the window": "It takes about {weeks} weeks, more than there are from {start} to {end}.",
    "language not spoken": "It is held in “{language}”; your people follow training in {languages}.",
    "mode not wanted": "It is {mode}; you want {modes}.",
    "other sector": "It is made for other sectors ({sectors}); your company is in {own}.",
    "too far": "It takes place in {place}, farther than you allow ({reach}).",
    # Why a funding scheme is not applied
    "funding unknown": "{scheme} is not applied: {amounts} is not known. Fill it in if you know it.",
    "funding country": "{scheme} is not applied: it is for companies in {countries}.",
    "funding size": "{scheme} is not applied: it is for companies of at most {most} people, and you have {people}.",
    "funding ecosystem": "{scheme} is not applied: it is for {ecosystems}.",
    # Why an item is in the plan
    "raises": "{role}, {people}: “{skill}” from level {before} to {level}, {share:.1%} of all that is missing.",
    "stated": "The provider states that it teaches “{skill}”: “{evidence}”.",
    "read": "Its text says “{evidence}”, read as “{skill}” (probability {probability:.0%}).",
    "level assumed": "The provider does not state the level of “{skill}”; {low} to {high} is assumed.",
    "fields assumed": "Assumed, because the catalogue does not say: {fields}.",
    "pinned": "You pinned it.",
    "comes before": "It comes first, because “{title}” builds on it.",
    "fills the group": "It closes nothing more for them.",
    "group price": "{groups} group price of {price:,.2f} euros, shared by {people} people.",
    "funded": "{scheme} pays {amount:,.2f} euros.",
    # Why a gap stays open
    "nobody teaches it": "No offer in the catalogue teaches it.",
    "all barred": "{offers} of the catalogue teach it, but none can be booked: {obstacles}",
    "levels too low": "What is on offer leads to level {reached} only; level {level} is needed.",
    "entry too high": "What is on offer starts from level {entry}; these people hold {held}, and nothing leads there.",
    "too late": "No training in it ends by {due}, when it is needed.",
    "budget": "The cheapest training in it costs {cost:,.2f} euros more; {left:,.2f} euros of the budget are left.",
    "hours": "The shortest training in it takes {hours:g} hours; these people have {left:g} hours left at most.",
    "group too small": "A group needs at least {least} people; fewer gain from it.",
    "group full": "All seats of the trainings in it are taken.",
    "same time": "The trainings in it are held while these people are in other training.",
    "too many away": "Too many people of the role would be in training at the same time.",
    "prerequisites": "The trainings in it need other courses first, which do not fit within the limits.",
    "not chosen": "It was possible, but the search ended before it was found; allow more time.",
    "partly": "They climb part of the way. {rest}",
    # Parts of a recommendation's score
    "part gap": "It closes {share:.0%} of what {role} lacks.",
    "part level": "{share:.0%} of the levels it leads to are levels that are needed.",
    "part cost": "{cost:,.2f} euros for each person and full gap closed.",
    "part hours": "{hours:,.1f} hours for each person and full gap closed.",
    "partnership": "The offer belongs to the Pact for Skills partnership {name}.",
    "pact member": "The provider is a member of the Pact for Skills.",
    "pact ecosystem": "It is made for your ecosystem.",
    "no pact tie": "No tie to the Pact for Skills is known.",
    "own language": "It is in your language ({language}), {mode}.",
    "other language": "It is in {language}, which your people can follow, {mode}.",
    "any language": "It is in {language}, not your company's language, {mode}.",
}
"""Rule -> sentence. What stands in braces are the values of the `Reason`."""
