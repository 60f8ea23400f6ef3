"""An invented message that says everything: to try a gateway's test address with."""

from typing import Final

from groundswell.delivery.channels.cwc.message import Bill, Contact, Message

_CONTACT: Final = Contact("Robin Example", "robin@example.org", "202-555-0123")
MESSAGE: Final = Message(
    delivery_id="5A3E0D2C1B9F48766F8A0B1C2D3E4F50",
    delivery_date="20261122",
    agent="River Friends",
    agent_ack_email="acks@example.org",
    agent_contact=_CONTACT,
    organization="River Friends",
    organization_contact=_CONTACT,
    organization_about="We look after rivers.",
    campaign_id="clean-rivers-pro",
    member_office="HIL13",
    response_requested="Y",
    newsletter_opt_in="N",
    prefix="Ms.",
    first_name="Alex",
    middle_name="Q.",
    last_name="Sample",
    suffix="Jr.",
    title="Teacher",
    constituent_organization="Elm School",
    address1="12 Elm Street",
    address2="Apt. 4",
    city="Springfield",
    state="IL",
    zip="62701-1234",
    phone="217-555-0123",
    address_validation="Y",
    email="alex@example.org",
    email_validation="Y",
    subject="Please support the Clean Rivers Act",
    topics=("Environmental Protection", "Water Resources Development"),
    bills=(Bill("119", "H.R.", "1234"),),
    pro_or_con="Pro",
    more_info="https://act.example.org/rivers/",
    statement="Rivers need <care> & money.",
    message="I live by one.\nIt floods, says Alex Sample's neighbour.",
)
