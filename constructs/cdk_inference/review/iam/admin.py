"""How much a permission is: all that there is, much, or little. By what it allows, however it is written.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html (read 2026-11-29): "*" and "?"
stand anywhere in an action. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html (read
2026-11-24). Actions that hand out permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/
list_awsidentityandaccessmanagementiam.html, access level "Permissions management" (read 2026-11-29).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.conditions import Clause, narrows
from cdk_inference.review.iam.patterns import Sure, covers
from cdk_inference.review.iam.statement import ANYONE, Document, Statement, Terms
from cdk_inference.template.values import readable, references_in

# With any of these on any principal or policy one gives oneself every other permission.
_GRANTING = (
    *("iam:attachrolepolicy", "iam:attachuserpolicy", "iam:attachgrouppolicy"),
    *("iam:putrolepolicy", "iam:putuserpolicy", "iam:putgrouppolicy"),
    *("iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:updateassumerolepolicy"),
    *("iam:createaccesskey", "iam:createloginprofile", "iam:updateloginprofile", "iam:addusertogroup"),
    *("iam:deleterolepermissionsboundary", "iam:deleteuserpermissionsboundary", "sts:assumerole"),
)
_PASS = ("iam:passrole",)
# What runs code as a role that is passed to it.
_RUNNING = (
    *("lambda:createfunction", "lambda:updatefunctionconfiguration", "ec2:runinstances", "ecs:runtask"),
    *("ecs:registertaskdefinition", "cloudformation:createstack", "codebuild:createproject", "glue:createjob"),
    *("sagemaker:createnotebookinstance", "sagemaker:createtrainingjob", "sagemaker:createprocessingjob"),
    *("states:createstatemachine", "datapipeline:putpipelinedefinition", "batch:registerjobdefinition"),
)
_ADMIN_POLICY = re.compile(r"AdministratorAccess(-.*)?|IAMFullAccess")
_MIGHTY_POLICY = re.compile(
    r"PowerUserAccess|.*FullAccess(V2|-v2|ConsoleFullAccess)?|.*_FullAccess|SystemAdministrator"
)
_DELICATE = ("iam", "sts", "kms", "secretsmanager", "organizations")
_ANY_OF_IAM = re.compile(r"\*|((role|user|group|policy|\*)/?)?[*?]+(/[*?]*)?")
# A condition of one of these keeps nobody out who uses a current client.
_USUAL = ("aws:securetransport", "aws:viaawsservice", "aws:tagkeys")
_NARROWING = re.compile(r"string(equals|like|equalsignorecase)|arn(equals|like)|ipaddress|bool")


def admin(box: Box) -> bool:
    """All actions, or some with which one gives oneself all of them, on everything."""
    return _anywhere(box.resource) and not _narrowed(box) and _covers_any(box.action, _GRANTING)


def mighty(box: Box) -> bool:
    """All actions of a service, or one that passes any role, on all resources."""
    if not _anywhere(box.resource) or _narrowed(box):
        return False
    whole = any(text == ANYONE or re.fullmatch(r"[^:]+:[*?]+", text) for text in box.action.patterns)
    return box.action.negated or whole or _covers_any(box.action, _PASS)


def passes_roles(document: Document, boxes: Iterable[Box]) -> list[Box]:
    """The new boxes that, with what else is allowed, run code as any role."""
    held = [one for one in document.statements if one.allows and _anywhere(one.resources)]
    runs = any(_covers_any(one.actions, _RUNNING) for one in held)
    passes = any(map(_passes_any, held))
    new = [box for box in boxes if _anywhere(box.resource) and not _narrowed(box)]
    return [box for box in new if (runs and _covers_any(box.action, _PASS)) or (passes and _runs(box))]


def _runs(box: Box) -> bool:
    return _covers_any(box.action, _RUNNING)


def _passes_any(one: Statement) -> bool:
    return _covers_any(one.actions, _PASS) and not any(map(_keeps_out, one.conditions))


def _covers_any(action: Terms, wanted: Iterable[str]) -> bool:
    if action.negated:
        return any(all(covers(gap, one) is not Sure.YES for gap in action.patterns) for one in wanted)
    return any(covers(text, one) is Sure.YES for text in action.patterns for one in wanted)


def _anywhere(resource: Terms) -> bool:
    return resource.negated or any(_everything(text) for text in resource.patterns)


def _everything(text: str) -> bool:
    """ "*", and what names no more than a kind of principal or policy in an ARN."""
    if text.strip("*?") == "":
        return True
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[2] not in ("iam", "*"):
        return False
    return bool(_ANY_OF_IAM.fullmatch(parts[5]))


def _narrowed(box: Box) -> bool:
    return any(map(_keeps_out, box.conditions))


def _keeps_out(clause: Clause) -> bool:
    """Whether a clause keeps somebody out, or something: a value that is owned, not a date or the absence of a key."""
    return clause.key not in _USUAL and bool(_NARROWING.fullmatch(clause.operator)) and narrows(clause)


def small(box: Box) -> bool:
    """Actions and resources by name, of services that neither hand out permissions nor secrets."""
    named = not box.resource.negated and not box.action.negated
    actions = all(not set(one) & set("*?") and one.partition(":")[0] not in _DELICATE for one in box.action.patterns)
    return named and actions and all(_names_one(one) for one in box.resource.patterns)


def _names_one(resource: str) -> bool:
    """Whether it says more than a service and a kind of resource."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return bool(references_in(resource)) or "*" not in resource
    prefix, wildcard, _ = parts[5].partition("*")
    if not wildcard or parts[2] == "s3":
        return bool(prefix) and parts[4] != ANYONE
    return parts[4] != ANYONE and bool("".join(re.split("[/:]", prefix, maxsplit=1)[1:]))


def admin_policy(key: str) -> bool:
    """Whether a managed policy, by its ARN or name, is one of AWS's for administrators."""
    return bool(_ADMIN_POLICY.fullmatch(_policy_name(key)))


def mighty_policy(key: str) -> bool:
    """Whether it is one of AWS's that allows all of a service, or nearly all of them."""
    return _of_aws(key) and bool(_MIGHTY_POLICY.fullmatch(_policy_name(key)))


def unread_policy(key: str) -> bool:
    """Whether it is a policy of an account that no template has."""
    return key.startswith("arn:") and not _of_aws(key)


def _of_aws(key: str) -> bool:
    return ":iam::aws:policy/" in readable(key)


def _policy_name(key: str) -> str:
    return key.rpartition("/")[2]
