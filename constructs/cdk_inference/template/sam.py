"""Resources of AWS SAM, read as the resources that SAM makes of them.

Logical ids and types: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/
sam-specification-generated-resources.html, and the page of each type beside it (read 2026-11-29). What SAM makes and
says nothing about access, data or cost is left out: versions of functions, deployments of APIs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_inference.template.sam_api import ROUTES, other_auth, resource_policy, route
from cdk_inference.template.sam_policies import policies_of
from cdk_inference.template.values import intrinsic, items, mapping

TRANSFORM = "AWS::Serverless-2016-10-31"
_PREFIX = "AWS::Serverless::"
# What only SAM knows, and what it becomes elsewhere.
_OF_FUNCTION = (
    *("AssumeRolePolicyDocument", "AutoPublishAlias", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256"),
    *("CodeUri", "DeadLetterQueue", "DeploymentPreference", "EventInvokeConfig", "Events", "FunctionUrlConfig"),
    *("IgnoreGlobals", "ImageUri", "InlineCode", "PermissionsBoundary", "Policies", "PropagateTags"),
    *("ProvisionedConcurrencyConfig", "RolePath", "Tags", "Tracing", "VersionDescription", "VersionDeletionPolicy"),
)
_OF_MACHINE = (
    *("AutoPublishAlias", "DefinitionUri", "DeploymentPreference", "Events", "Logging", "Name", "PermissionsBoundary"),
    *("Policies", "PropagateTags", "Role", "RolePath", "Tags", "Tracing", "Type", "UseAliasAsEventTarget"),
)
_KEY_TYPES = {"String": "S", "Number": "N", "Binary": "B"}
# Kind of event -> the property that names its source, and the managed policy that reading it takes.
_SOURCES = {
    "DynamoDB": ("Stream", "AWSLambdaDynamoDBExecutionRole"),
    "Kinesis": ("Stream", "AWSLambdaKinesisExecutionRole"),
    "MSK": ("Stream", "AWSLambdaMSKExecutionRole"),
    "SQS": ("Queue", "AWSLambdaSQSQueueExecutionRole"),
}
_RULES = ("Schedule", "EventBridgeRule", "CloudWatchEvent")

Resources = dict[str, dict[str, Any]]


def without_sam(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template as SAM leaves it, as far as that is known. Types that are not read stay as they are."""
    defaults = mapping(template.get("Globals"))
    resources: dict[str, Any] = {}
    apis = {kind: dict(_apis(template, kind)) for kind in ROUTES}
    for logical_id, written in mapping(template.get("Resources")).items():
        kind = str(mapping(written).get("Type", ""))
        make = _TYPES.get(kind.removeprefix(_PREFIX)) if kind.startswith(_PREFIX) else None
        if make is None:
            resources[logical_id] = written
            continue
        name = kind.removeprefix(_PREFIX)
        properties = merged(mapping(defaults.get(name)), mapping(written.get("Properties")))
        made = make(logical_id, properties)
        if name == "Function":
            made |= _routes(logical_id, properties, apis)
        for one in made.values():
            if "Condition" in written:
                one["Condition"] = written["Condition"]
        if logical_id in made:
            made[logical_id] |= {key: one for key, one in written.items() if key not in ("Type", "Properties")}
        resources |= made
    rest = [one for one in _listed(template.get("Transform")) if one != TRANSFORM]
    others = {key: one for key, one in template.items() if key not in ("Globals", "Transform", "Resources")}
    return others | ({"Transform": rest} if rest else {}) | {"Resources": resources}


def _apis(template: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Logical id -> properties of the APIs of one kind; "" for the one that SAM makes by itself."""
    default = mapping(mapping(template.get("Globals")).get(kind))
    yield "", default
    for logical_id, written in mapping(template.get("Resources")).items():
        if mapping(written).get("Type") == ROUTES[kind][0]:
            yield logical_id, mapping(merged(default, mapping(mapping(written).get("Properties"))))


def _routes(
    logical_id: str, given: Mapping[str, Any], apis: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> Resources:
    """A route for each event of an API, under the names of function and event."""
    made: Resources = {}
    for name, event in mapping(given.get("Events")).items():
        kind = str(mapping(event).get("Type"))
        if kind in ROUTES:
            found = route(kind, mapping(mapping(event).get("Properties")), apis[kind])
            if found is not None:
                made[f"{logical_id}{name}"] = _resource(ROUTES[kind][2], found)
    return made


def merged(default: Any, own: Any) -> Any:
    """Globals under a resource's own: objects are merged, lists are put together, anything else is replaced.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    if isinstance(default, dict) and isinstance(own, dict) and not intrinsic(default) and not intrinsic(own):
        keys = dict.fromkeys([*default, *own])
        return {key: merged(default.get(key), own[key]) if key in own else default[key] for key in keys}
    if isinstance(default, list) and isinstance(own, list):
        return [*default, *own]
    return own


def unknown(reason: str, value: Any) -> dict[str, Any]:
    """A value that is not known, and equal to another of the same reason and value."""
    return {"Fn::Sam": [reason, value]}


def _resource(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"Type": kind, "Properties": {key: value for key, value in properties.items() if value is not None}}


def _function(logical_id: str, given: dict[str, Any]) -> Resources:
    role = f"{logical_id}Role"
    properties = {key: value for key, value in given.items() if key not in _OF_FUNCTION}
    properties["Code"] = _code(given)
    properties["Tags"] = _tags(given.get("Tags"))
    properties["TracingConfig"] = {"Mode": given["Tracing"]} if "Tracing" in given else None
    properties["DeadLetterConfig"] = {"TargetArn": mapping(given.get("DeadLetterQueue")).get("TargetArn")}
    if properties["DeadLetterConfig"]["TargetArn"] is None:
        del properties["DeadLetterConfig"]
    made: Resources = {}
    if "Role" not in given:
        properties["Role"] = {"Fn::GetAtt": [role, "Arn"]}
        basic = ["service-role/AWSLambdaBasicExecutionRole"]
        basic += ["service-role/AWSLambdaVPCAccessExecutionRole"] if "VpcConfig" in given else []
        basic += ["AWSXrayWriteOnlyAccess"] if given.get("Tracing") in ("Active", "PassThrough") else []
        kinds = [str(mapping(event).get("Type")) for event in mapping(given.get("Events")).values()]
        basic += [f"service-role/{_SOURCES[kind][1]}" for kind in dict.fromkeys(kinds) if kind in _SOURCES]
        made[role] = _role(given, "lambda.amazonaws.com", basic, role)
    made[logical_id] = _resource("AWS::Lambda::Function", properties)
    made |= _url(logical_id, given)
    made |= _alias(logical_id, given)
    for name, event in mapping(given.get("Events")).items():
        made |= _event(logical_id, given, name, mapping(event))
    return made


def _code(given: Mapping[str, Any]) -> Any:
    if "InlineCode" in given:
        return {"ZipFile": given["InlineCode"]}
    if "ImageUri" in given:
        return {"ImageUri": given["ImageUri"]}
    return _uploaded(given.get("CodeUri"))


def _uploaded(uri: Any, keys: tuple[str, str, str] = ("S3Bucket", "S3Key", "S3ObjectVersion")) -> Any:
    """Where code or a definition is: in S3, or a path of which `sam package` makes an object."""
    if isinstance(uri, dict) and "Bucket" in uri:
        found = (uri["Bucket"], uri.get("Key"), uri.get("Version"))
        return {key: value for key, value in zip(keys, found, strict=True) if value is not None}
    if isinstance(uri, str) and uri.startswith("s3://"):
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return {keys[0]: bucket, keys[1]: key}
    return unknown("SAM uploads it", uri)


def _tags(tags: Any) -> Any:
    if not isinstance(tags, dict) or intrinsic(tags):
        return tags
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _role(given: Mapping[str, Any], service: str, basic: list[str], name: str) -> dict[str, Any]:
    trust = {"Action": ["sts:AssumeRole"], "Effect": "Allow", "Principal": {"Service": [service]}}
    attached, inline = policies_of(given.get("Policies"), name)
    return _resource(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": given.get(
                "AssumeRolePolicyDocument", {"Version": "2012-10-17", "Statement": [trust]}
            ),
            "ManagedPolicyArns": [*(_managed(one) for one in basic), *attached] or None,
            "Policies": inline or None,
            "PermissionsBoundary": given.get("PermissionsBoundary"),
            "Path": given.get("RolePath"),
            "Tags": _tags(given.get("Tags")),
        },
    )


def _managed(name: str) -> dict[str, str]:
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{name}"}


def _url(logical_id: str, given: Mapping[str, Any]) -> Resources:
    written = given.get("FunctionUrlConfig")
    if not isinstance(written, dict):
        return {}
    target, auth = _target(logical_id, given), written.get("AuthType")
    url = {"TargetFunctionArn": target, "AuthType": auth, "Cors": written.get("Cors")}
    made = {f"{logical_id}Url": _resource("AWS::Lambda::Url", {**url, "InvokeMode": written.get("InvokeMode")})}
    if auth == "NONE":
        permission = {"Action": "lambda:InvokeFunctionUrl", "FunctionName": target, "Principal": "*"}
        made[f"{logical_id}UrlPublicPermissions"] = _resource(
            "AWS::Lambda::Permission", {**permission, "FunctionUrlAuthType": "NONE"}
        )
        through = {**permission, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
        made[f"{logical_id}URLInvokeAllowPublicAccess"] = _resource("AWS::Lambda::Permission", through)
    return made


def _alias(logical_id: str, given: Mapping[str, Any]) -> Resources:
    name = given.get("AutoPublishAlias")
    if name is None:
        return {}
    made: Resources = {}
    if isinstance(name, str):
        properties = {
            "Name": name,
            "FunctionName": {"Ref": logical_id},
            "FunctionVersion": unknown("SAM publishes a version", logical_id),
            "ProvisionedConcurrencyConfig": given.get("ProvisionedConcurrencyConfig"),
        }
        made[f"{logical_id}Alias{name}"] = _resource("AWS::Lambda::Alias", properties)
    preference = given.get("DeploymentPreference")
    if isinstance(preference, dict) and preference.get("Enabled", True) not in (False, "false"):
        alarms = preference.get("Alarms")
        listed = {"Enabled": True, "Alarms": [{"Name": one} for one in alarms]} if isinstance(alarms, list) else None
        kind = preference.get("Type")
        properties = {
            "AlarmConfiguration": listed if alarms is None or listed else alarms,
            "DeploymentConfigName": f"CodeDeployDefault.Lambda{kind}" if isinstance(kind, str) else kind,
            "AutoRollbackConfiguration": {
                "Enabled": True,
                "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
            },
        }
        made[f"{logical_id}DeploymentGroup"] = _resource("AWS::CodeDeploy::DeploymentGroup", properties)
    return made


def _target(logical_id: str, given: Mapping[str, Any]) -> dict[str, str]:
    """What is called: the alias that SAM publishes, or the function."""
    alias = given.get("AutoPublishAlias")
    return {"Ref": f"{logical_id}Alias{alias}" if isinstance(alias, str) else logical_id}


def _event(logical_id: str, function: Mapping[str, Any], name: str, event: Mapping[str, Any]) -> Resources:
    kind, given = str(event.get("Type")), mapping(event.get("Properties"))
    made, target = f"{logical_id}{name}", _target(logical_id, function)
    arn = target if "AutoPublishAlias" in function else {"Fn::GetAtt": [logical_id, "Arn"]}
    if kind in _SOURCES:
        named = _SOURCES[kind][0]
        source = {key: value for key, value in given.items() if key != named}
        source |= {"EventSourceArn": given.get(named), "FunctionName": target}
        return {made: _resource("AWS::Lambda::EventSourceMapping", source)}
    if kind in _RULES:
        enabled = given.get("Enabled", True)
        state = given.get("State", "ENABLED" if enabled is True else "DISABLED" if enabled is False else None)
        rule = {"ScheduleExpression": given.get("Schedule"), "EventPattern": given.get("Pattern"), "State": state}
        called = {"Arn": arn, "Id": f"{made}LambdaTarget", "Input": given.get("Input")}
        targets = [{key: value for key, value in called.items() if value is not None}]
        return {made: _resource("AWS::Events::Rule", {**rule, "Name": given.get("Name"), "Targets": targets})}
    if kind == "SNS":
        properties = {"Protocol": "lambda", "TopicArn": given.get("Topic"), "FilterPolicy": given.get("FilterPolicy")}
        return {made: _resource("AWS::SNS::Subscription", {**properties, "Endpoint": arn})}
    return {}


def _table(logical_id: str, given: dict[str, Any]) -> Resources:
    key = mapping(given.get("PrimaryKey"))
    name, kind = key.get("Name", "id"), key.get("Type", "String")
    throughput = given.get("ProvisionedThroughput")
    properties = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": _KEY_TYPES.get(str(kind), kind)}],
        "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST" if throughput is None else None,
        "ProvisionedThroughput": throughput,
        "Tags": _tags(given.get("Tags")),
    }
    rest = {one: value for one, value in given.items() if one not in ("PrimaryKey", *properties)}
    return {logical_id: _resource("AWS::DynamoDB::Table", {**rest, **properties})}


def _api(logical_id: str, given: dict[str, Any]) -> Resources:
    auth = other_auth(given.get("Auth"))
    shown = {"Auth": auth, "DefinitionUri": given.get("DefinitionUri"), "Cors": given.get("Cors")}
    api = {
        "Name": given.get("Name"),
        "Body": given.get("DefinitionBody", unknown("SAM writes the definition", shown)),
        "Policy": resource_policy(mapping(given.get("Auth")).get("ResourcePolicy")),
        "EndpointConfiguration": given.get("EndpointConfiguration"),
        "DisableExecuteApiEndpoint": given.get("DisableExecuteApiEndpoint"),
    }
    stage = {key: given.get(key) for key in ("StageName", "AccessLogSetting", "MethodSettings", "TracingEnabled")}
    stage |= {"RestApiId": {"Ref": logical_id}}
    name = given.get("StageName")
    return {
        logical_id: _resource("AWS::ApiGateway::RestApi", api),
        f"{logical_id}{name if isinstance(name, str) else ''}Stage": _resource("AWS::ApiGateway::Stage", stage),
    }


def _http_api(logical_id: str, given: dict[str, Any]) -> Resources:
    shown = {"Auth": other_auth(given.get("Auth")), "DefinitionUri": given.get("DefinitionUri")}
    api = {
        "Name": given.get("Name"),
        "Body": given.get("DefinitionBody", unknown("SAM writes the definition", shown)),
        "CorsConfiguration": given.get("CorsConfiguration"),
        "DisableExecuteApiEndpoint": given.get("DisableExecuteApiEndpoint"),
    }
    return {logical_id: _resource("AWS::ApiGatewayV2::Api", api)}


def _state_machine(logical_id: str, given: dict[str, Any]) -> Resources:
    role = f"{logical_id}Role"
    properties = {key: value for key, value in given.items() if key not in _OF_MACHINE}
    properties |= {
        "StateMachineName": given.get("Name"),
        "StateMachineType": given.get("Type"),
        "LoggingConfiguration": given.get("Logging"),
        "TracingConfiguration": given.get("Tracing"),
        "RoleArn": given.get("Role", {"Fn::GetAtt": [role, "Arn"]}),
        "Tags": _tags(given.get("Tags")),
    }
    if "DefinitionUri" in given:
        properties["DefinitionS3Location"] = _uploaded(given["DefinitionUri"], ("Bucket", "Key", "Version"))
    made = {logical_id: _resource("AWS::StepFunctions::StateMachine", properties)}
    if "Role" not in given:
        made[role] = _role(given, "states.amazonaws.com", [], role)
    return made


def _layer(logical_id: str, given: dict[str, Any]) -> Resources:
    rest = {key: value for key, value in given.items() if key not in ("ContentUri", "RetentionPolicy")}
    return {logical_id: _resource("AWS::Lambda::LayerVersion", {**rest, "Content": _uploaded(given.get("ContentUri"))})}


def _application(logical_id: str, given: dict[str, Any]) -> Resources:
    location = given.get("Location")
    computed = isinstance(location, dict) and intrinsic(location)  # a path or a URL, as an object is written out
    if not isinstance(location, str) and not computed:
        return {logical_id: _resource(f"{_PREFIX}Application", given)}
    nested = {"TemplateURL": location, "Parameters": given.get("Parameters")}
    return {logical_id: _resource("AWS::CloudFormation::Stack", nested)}


_TYPES = {
    "Api": _api,
    "Application": _application,
    "Function": _function,
    "HttpApi": _http_api,
    "LayerVersion": _layer,
    "SimpleTable": _table,
    "StateMachine": _state_machine,
}


def transforms_of(template: Mapping[str, Any]) -> Iterator[str]:
    """Names of the transforms of a whole template that are text."""
    yield from (one for one in _listed(template.get("Transform")) if isinstance(one, str))


def _listed(written: Any) -> list[Any]:
    return items(written) or [written]
